package io.margay.bench.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class ConnectCommandTest {

  private static int run(StringWriter out, String... arguments) {
    CommandLine command = new CommandLine(new ConnectCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(new StringWriter()));
    command.setExecutionExceptionHandler((e, line, parsed) -> {
      out.write(e.getMessage());
      return 1;
    });
    return command.execute(arguments);
  }

  /** The whole run in small: every layout lets the clients in and keeps the stranger out. */
  @Test
  void measuresEveryLayout() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, bench connect: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
    StringWriter out = new StringWriter();
    assertThat(run(out, "--policies", "40", "--rounds", "2", "--connections", "2"))
        .as(out.toString())
        .isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines).hasSize(8).allMatch(line -> line.startsWith("{\"bench\": \"connect\""));
    assertThat(lines.get(2)).contains("MARGAY", "\"policies\": 40", "\"classes\": 42");
    assertThat(lines.getLast())
        .contains("ratioTo10", "baselineRate", "podAddMillis", "\"podTransactions\": 1.000");
  }

  @ParameterizedTest
  @CsvSource({"--policies,9", "--policies,70000", "--rounds,0", "--connections,0"})
  void refusesSizesThatMeasureNothing(String option, String value) {
    Assumptions.assumeTrue(NetworkNamespace.whyUnavailable().isEmpty());
    StringWriter out = new StringWriter();
    assertThat(run(out, option, value)).isEqualTo(1);
    assertThat(out.toString()).contains(option);
  }
}
