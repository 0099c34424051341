package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the browser tests of {@code console/ui}. */
final class BrowserTests {
  private static final Path UI = Path.of("ui").toAbsolutePath();
  private static final String CHROMIUM =
      System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
  private static final Duration PATIENCE = Duration.ofMinutes(9);

  private BrowserTests() {}

  /** Skips a test aloud where there is nothing to run it with. */
  static void needABrowserAndThePage() {
    need(Files.isExecutable(Path.of(CHROMIUM)), "Chromium at " + CHROMIUM);
    need(Files.isDirectory(UI.resolve("node_modules")), "the page, which -DskipUi leaves out");
  }

  /** Runs files of tests with some environment, and fails with what they said. */
  static void run(Map<String, String> environment, String... files)
      throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("npm", "run", "--silent", "e2e", "--");
    command.command().addAll(List.of(files));
    // Standard input and output are the channel between this JVM and Maven: keep npm away from
    // them.
    Path log = Path.of("target", "browser-tests-" + files[0] + ".log");
    command.directory(UI.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    command.environment().putAll(environment);
    command.environment().put("NO_COLOR", "1");
    Process process = command.start();
    process.outputWriter().close();
    try {
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(ended ? process.exitValue() : -1)
          .as(() -> "exit value of npm run e2e, which said:\n" + read(log))
          .isZero();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** What the tests said, from the first failure on if there is one. */
  private static String read(Path log) {
    try {
      String all = Files.readString(log);
      return all.substring(Math.max(0, all.indexOf(" FAIL ")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void need(boolean there, String what) {
    if (!there) {
      System.err.println("SKIPPED: the browser tests of the console need " + what + ".");
    }
    Assumptions.assumeTrue(there, what);
  }
}
