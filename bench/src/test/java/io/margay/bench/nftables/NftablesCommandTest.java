package io.margay.bench.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.kernel.netns.NetworkNamespace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class NftablesCommandTest {

  @Test
  void measuresEveryChange() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, bench nftables: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
    StringWriter out = new StringWriter();
    CommandLine command = new CommandLine(new NftablesCommand());
    command.setOut(new PrintWriter(out));
    command.setErr(new PrintWriter(new StringWriter()));
    assertThat(command.execute("--sets", "20", "--members", "3", "--rounds", "3")).isZero();
    assertThat(out.toString().lines())
        .hasSize(4)
        .allMatch(line -> line.startsWith("{\"bench\": \"nftables\"") && line.contains("millis"));
  }
}
