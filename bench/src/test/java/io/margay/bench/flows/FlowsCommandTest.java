package io.margay.bench.flows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class FlowsCommandTest {
  @TempDir private Path directory;

  private static int run(StringWriter out, String... arguments) {
    CommandLine command = new CommandLine(new FlowsCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(new StringWriter()));
    command.setExecutionExceptionHandler((e, line, parsed) -> {
      out.write(String.valueOf(e));
      return 1;
    });
    return command.execute(arguments);
  }

  /** The whole run in small: every shape has a line, the last one the four figures. */
  @Test
  void measuresInSmall() throws Exception {
    StringWriter out = new StringWriter();
    int status =
        run(
            out,
            "--stored",
            "11520",
            "--active",
            "200",
            "--seconds",
            "1",
            "--questions",
            "8",
            "--directory",
            directory.toString());
    assertThat(status).as(out.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(16).allMatch(line -> line.startsWith("{\"bench\": \"flows\""));
    assertThat(lines.get(0)).contains("\"goldmane\": 8.300", "margay");
    assertThat(lines.get(12)).contains("\"dropped\": 0");
    assertThat(lines.getLast())
        .contains("ingestPerSecond", "pageP99Millis", "statisticsP99Millis", "residentMB");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).as("what was stored is removed").isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"--stored,5", "--active,9", "--seconds,0", "--questions,0"})
  void refusesSizesThatMeasureNothing(String option, String value) {
    StringWriter out = new StringWriter();
    assertThat(run(out, option, value)).isEqualTo(1);
    assertThat(out.toString()).contains(option);
  }
}
