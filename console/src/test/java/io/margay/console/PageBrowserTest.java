package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.console.http.RequestObserver;
import io.margay.console.signin.SignInMethods;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The page in a real browser over a real console: runs the browser tests of {@code console/ui}.
 * They leave screenshots in {@code target/screenshots}.
 */
class PageBrowserTest {
  private static final Path UI = Path.of("ui").toAbsolutePath();
  private static final String CHROMIUM =
      System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @Test
  @Timeout(value = 4, unit = TimeUnit.MINUTES)
  void thePageDoesWhatItShould() throws Exception {
    need(Files.isExecutable(Path.of(CHROMIUM)), "Chromium at " + CHROMIUM);
    need(Files.isDirectory(UI.resolve("node_modules")), "the page, which -DskipUi leaves out");
    try (ResourceStore store = new MemoryStore();
        FlowService flows = new FlowService(FlowLimits.DEFAULT, Instant::now);
        ScheduledExecutorService life = Executors.newSingleThreadScheduledExecutor();
        ConsoleServer console =
            new ConsoleServer(
                ConsoleConfig.loopback(0),
                ConsoleSources.of(
                    flows,
                    store,
                    question -> {
                      throw new IllegalArgumentException("the page does not ask this");
                    },
                    PageBrowserTest::status),
                SignInMethods.none(),
                RequestObserver.NONE,
                Instant::now)) {
      flows.start();
      console.start();
      LivelyShop shop = new LivelyShop(flows, store);
      life.scheduleAtFixedRate(() -> shop.goOn(Instant.now()), 0, 200, TimeUnit.MILLISECONDS);
      runBrowserTests(console.uri().toString());
    }
  }

  private static void runBrowserTests(String url) throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder("npm", "run", "--silent", "e2e");
    // Standard input and output are the channel between this JVM and Maven: keep npm away from
    // them.
    Path log = Path.of("target", "browser-tests.log");
    command.directory(UI.toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
    command.environment().put("MARGAY_URL", url);
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

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ConsoleStatus status() {
    return new ConsoleStatus(
        "node-1", "test", "simulated", Instant.EPOCH, Map.of("nodes", 1L, "pods", 3L), Map.of());
  }

  private static void need(boolean there, String what) {
    if (!there) {
      System.err.println("SKIPPED: the browser tests of the console need " + what + ".");
    }
    Assumptions.assumeTrue(there, what);
  }
}
