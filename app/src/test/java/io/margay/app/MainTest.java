package io.margay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line as a whole: what is not understood is told, and told apart from failures. */
class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void anUnknownCommandIsNamedWithTheWayToHelp() {
    assertThat(run("demmo")).isEqualTo(2);
    assertThat(err.toString()).contains("demmo").contains("margay --help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownFlagIsNamed() {
    assertThat(run("--fast")).isEqualTo(2);
    assertThat(err.toString()).contains("--fast");
  }

  @Test
  void helpListsTheCommands() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("help");
  }

  @Test
  void aCommandThatIsBuiltAloneSaysAndDoesTheSame() {
    for (Map.Entry<String, CommandLine> command : Main.commandLine().getSubcommands().entrySet()) {
      CommandLine alone = Main.commandLineFor(command.getKey(), "--help");
      assertThat(alone.getSubcommands().get(command.getKey()).getUsageMessage())
          .isEqualTo(command.getValue().getUsageMessage());
    }
    assertThat(Main.commandLineFor("why").getSubcommands()).containsOnlyKeys("why");
    assertThat(Main.commandLineFor("help").getSubcommands()).containsKey("why");
    assertThat(Main.commandLineFor("demmo").getSubcommands()).containsKey("demo");
    assertThat(Main.commandLineFor().getSubcommands()).containsKey("demo");
  }

  private int run(String... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }
}
