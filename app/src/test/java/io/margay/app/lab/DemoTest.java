package io.margay.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.Main;
import io.margay.app.cli.CommandFailure;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.process.Foreground;
import io.margay.app.state.RunningDemo;
import io.margay.app.state.StateFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo from start to end, and what it says to bad input. */
class DemoTest {
  /** The time that calls have; the demo counts from the start of its process. */
  private static final Duration TALK = Duration.ofSeconds(12);

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();

  @Test
  void inMemory() throws Exception {
    assertReport(run(true), "simulated");
  }

  @Nested
  @NeedsNamespaces
  class InTheKernel {
    @Test
    void betweenNamespaces() throws Exception {
      assertReport(run(false), "nftables");
    }
  }

  @Test
  void aSecondDemoIsRefused() throws IOException {
    StateFolder state = new StateFolder(folder);
    try (DemoLock first = DemoLock.take(state)) {
      assertThatThrownBy(() -> DemoLock.take(state))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("running already")
          .hasMessageContaining("stop it first");
    }
    DemoLock.take(state).close();
  }

  @Test
  void badOptionsAreUsageErrors() {
    assertThat(execute("demo", "--for", "soon")).isEqualTo(2);
    assertThat(out.toString()).contains("\"soon\" is not a time").contains("60s");
    assertThat(execute("demo", "--dataplane", "iptables")).isEqualTo(2);
    assertThat(execute("demo", "--nodes", "0")).isEqualTo(2);
    assertThat(execute("demo", "--console-port", "70000")).isEqualTo(2);
    assertThat(execute("demo", "--no-such-flag")).isEqualTo(2);
    assertThat(execute("demo", "--scenario", "vm", "--for", "60s")).isEqualTo(2);
    assertThat(execute("demo", "--scenario", "vm", "--migrations", "0")).isEqualTo(2);
  }

  @Test
  void anEmptyFolderIsRefused() {
    assertThat(execute("demo", "--app", folder.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("nothing to run");
  }

  private JsonNode run(boolean simulated) throws Exception {
    Path report = folder.resolve("report.json");
    StateFolder state = new StateFolder(folder.resolve("state"));
    Duration sinceProcessStart =
        Duration.between(
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime()),
            Instant.now());
    Demo.Settings settings =
        new Demo.Settings(
            ApplicationReader.bundled(),
            2,
            simulated,
            sinceProcessStart.plus(TALK),
            report,
            0,
            state);
    try (Foreground foreground = Foreground.begin()) {
      assertThat(new Demo(settings, foreground, new PrintWriter(out, true)).run()).isTrue();
      assertThat(RunningDemo.find(state)).isPresent();
    }
    assertThat(RunningDemo.find(state)).isEmpty();
    return new JsonMapper().readTree(Files.readString(report));
  }

  private void assertReport(JsonNode report, String dataplane) {
    assertThat(report.path("dataplane").asText()).isEqualTo(dataplane);
    assertThat(report.path("nodes").asInt()).isEqualTo(2);
    assertThat(report.path("pods").asInt()).isEqualTo(13);
    assertThat(report.path("connectionsTried").asLong()).isPositive();
    assertThat(report.path("verdictMismatches").asLong(-1)).isZero();
    assertThat(report.path("flows").asLong()).isPositive();
    assertThat(report.path("pendingDiffers").asLong()).isPositive();
    assertThat(report.path("console").asText()).startsWith("http://127.0.0.1:");
    assertThat(out.toString()).contains("kubeconfig").contains("./margay why");
  }

  private int execute(String... arguments) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    return line.execute(arguments);
  }
}
