package io.margay.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.margay.app.cli.TopTable.Order;
import io.margay.console.ConsoleConfig;
import io.margay.console.ConsoleServer;
import io.margay.console.ConsoleSources;
import io.margay.console.ConsoleStatus;
import io.margay.console.http.RequestObserver;
import io.margay.console.signin.SignInMethods;
import io.margay.console.why.ClusterExplainer;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.history.BucketTime;
import io.margay.flows.stream.FlowService;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code margay top} on a terminal of its own, which {@code script} of util-linux makes. Nobody
 * tells that terminal how large it is.
 */
@Timeout(120)
class TopTerminalTest {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final String ENTER = "\u001b[?1049h";
  private static final String LEAVE = "\u001b[?25h\u001b[?1049l";
  private static final String CTRL_C = "\u0003";

  @TempDir Path folder;
  private final MemoryStore store = new MemoryStore();
  private final FlowService flows = new FlowService(FlowLimits.DEFAULT, InstantSource.system());
  private final ConsoleServer console =
      new ConsoleServer(
          ConsoleConfig.loopback(0),
          ConsoleSources.of(
              flows,
              store,
              new ClusterExplainer(),
              () ->
                  new ConsoleStatus("node-1", "1", "simulated", Instant.EPOCH, Map.of(), Map.of()),
              InstantSource.system()),
          SignInMethods.none(),
          RequestObserver.NONE,
          InstantSource.system());
  private final StringBuffer screen = new StringBuffer();
  private Process terminal;

  @BeforeEach
  void start() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script")), "SKIPPED: needs script of util-linux");
    flows.start();
    console.start();
    FlowPeer web = new FlowPeer("web", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT);
    PolicyTrace denied =
        new PolicyTrace(RuleAction.DENY, RuleAction.DENY, List.of(), List.of(), List.of());
    FlowUpdate update =
        new FlowUpdate(
            new FlowUpdate.Origin("node-1", 1),
            BucketTime.bucketOf(Instant.now()),
            new FlowKey(web, web, 81, null, Protocol.TCP, Reporter.DESTINATION, denied),
            List.of(),
            List.of(),
            new FlowCounters(1, 0, 60, 0, 1, 0, 0));
    flows.accept(List.of(update)).join();
    await().until(() -> flows.history().flows().count() == 1);
    startTop();
  }

  /** Writes down how the terminal is set before and after. */
  private void startTop() throws IOException {
    String top =
        String.join(
            " ",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            "'" + System.getProperty("java.class.path") + "'",
            "io.margay.app.Main top --every 200ms --window 10m --console",
            console.uri().toString());
    // The shell must outlive Ctrl-C, to look at the terminal afterwards.
    String all = "trap : INT; stty -g > before; " + top + "; echo $? > status; stty -g > after";
    terminal =
        // A shell without job control starts what is in the background deaf to Ctrl-C, and who is
        // born so stays so, a test's processes too.
        new ProcessBuilder(
                "/usr/bin/env", "--default-signal=INT", "/usr/bin/script", "-qfc", all, "/dev/null")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    InputStream output = terminal.getInputStream();
    Thread.startVirtualThread(() -> {
      try {
        byte[] some = new byte[4096];
        for (int read = output.read(some); read >= 0; read = output.read(some)) {
          screen.append(new String(some, 0, read, StandardCharsets.UTF_8));
        }
      } catch (IOException e) {
        screen.append(e);
      }
    });
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (terminal != null) {
      terminal.destroyForcibly().waitFor();
    }
    console.close();
    flows.close();
    store.close();
  }

  private void press(String key) throws IOException {
    screen.setLength(0);
    terminal.getOutputStream().write(key.getBytes(StandardCharsets.UTF_8));
    terminal.getOutputStream().flush();
  }

  private void awaitScreen(String text) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(screen.toString()).contains(text));
  }

  private void assertTerminalIsAsBefore() throws Exception {
    assertThat(terminal.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
        .withFailMessage(() -> "it does not end: " + whatRuns() + "; the screen: " + screen)
        .isTrue();
    assertThat(folder.resolve("after")).hasSameTextualContentAs(folder.resolve("before"));
    await().untilAsserted(() -> assertThat(screen.toString()).contains(LEAVE));
  }

  /** The shell waits for what is last. */
  private List<String> whatRuns() {
    return terminal
        .descendants()
        .map(process -> process.pid() + " " + process.info().commandLine().orElse("ended"))
        .map(text -> text.length() > 200 ? text.substring(0, 200) : text)
        .toList();
  }

  @Test
  void keysWorkAtOnceAndQuittingMakesTheTerminalAsItWas() throws Exception {
    awaitScreen("1 denied; by " + Order.CONNECTIONS.word());
    awaitScreen("shop/web");
    assertThat(screen.toString()).contains(ENTER);
    press("s");
    awaitScreen("by " + Order.CONNECTIONS.next().word());
    assertThat(screen.toString()).as("keys are not shown").doesNotContain("s\u001b[H");
    press("p");
    awaitScreen("; paused");
    press("p");
    awaitScreen("by " + Order.CONNECTIONS.next().word() + "\u001b[K");
    press("q");
    assertTerminalIsAsBefore();
    assertThat(Files.readString(folder.resolve("status"))).isEqualTo("0\n");
  }

  @Test
  void ctrlCMakesTheTerminalAsItWas() throws Exception {
    awaitScreen("1 denied; by " + Order.CONNECTIONS.word());
    press(CTRL_C);
    assertTerminalIsAsBefore();
    assertThat(Files.readString(folder.resolve("status"))).isEqualTo("130\n");
  }
}
