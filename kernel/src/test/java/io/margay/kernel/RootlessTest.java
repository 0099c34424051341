package io.margay.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The same calls in a JVM whose only rights are those of its own user namespace. */
class RootlessTest {
  private static final String[] UNSHARE = {
    "unshare", "--user", "--map-root-user", "--net", "--mount"
  };

  private static Process start(String... command) throws IOException {
    String[] line = new String[UNSHARE.length + command.length];
    System.arraycopy(UNSHARE, 0, line, 0, UNSHARE.length);
    System.arraycopy(command, 0, line, UNSHARE.length, command.length);
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  private static String whyNotPermitted() throws InterruptedException {
    try {
      Process process = start("true");
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? "" : output.strip();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  @Test
  void namespacesRulesAndEventsNeedNoRoot() throws Exception {
    String reason = whyNotPermitted();
    if (!reason.isEmpty()) {
      System.err.println("SKIPPED, rootless kernel tests: " + reason);
      Assumptions.abort();
    }
    Process process =
        start(
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
