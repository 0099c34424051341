package io.margay.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same calls in a JVM whose only rights are those of its own user namespace. */
class RootlessTest {
  private static final List<String> UNSHARE =
      List.of("unshare", "--user", "--map-root-user", "--mount");

  private static Process start(boolean ownNetwork, String... command) throws IOException {
    List<String> line = new ArrayList<>(UNSHARE);
    if (ownNetwork) {
      line.add("--net");
    }
    line.addAll(List.of(command));
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  private static String whyNotPermitted() throws InterruptedException {
    try {
      Process process = start(true, "true");
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : output.strip();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /** With the machine's own network, threads can leave it but not come back to it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void namespacesRulesAndEventsNeedNoRoot(boolean ownNetwork) throws Exception {
    String reason = whyNotPermitted();
    if (!reason.isEmpty()) {
      System.err.println("SKIPPED, rootless kernel tests: " + reason);
      Assumptions.abort();
    }
    Process process =
        start(
            ownNetwork,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RootlessProbe.class.getName());
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output).endsWith("mark 7, counted 1\n");
    } finally {
      process.destroyForcibly();
    }
  }
}
