package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.app.lab.NeedsNamespaces;
import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.lab.cluster.ClusterNetwork;
import io.margay.app.lab.cluster.ClusterObjects;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabPod;
import io.margay.app.lab.cluster.ServiceProxy;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.Conversations;
import io.margay.app.lab.traffic.Reach;
import io.margay.app.lab.traffic.SocketTraffic;
import io.margay.kernel.nft.Nftables;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the node's process, again and again while traffic flows: what is allowed is never cut,
 * and not one packet of what is denied arrives, which the kernel counts at the destination.
 */
@NeedsNamespaces
class NodeRestartTest {
  private static final int PATIENCE_MILLIS = 10_000;
  private static final int SHORT_PATIENCE_MILLIS = 300;
  private static final Duration START = Duration.ofSeconds(60);
  private static final Pattern PACKETS = Pattern.compile("counter packets (\\d+)");

  @TempDir Path folder;
  private final Running running = new Running();

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void aKilledNodeOpensAndCutsNothing() throws Exception {
    Application shop = ApplicationReader.bundled();
    ClusterPlan plan = ClusterPlan.of(shop, 1);
    EmbeddedApiServer api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(folder, ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    ClusterObjects.of(shop, plan).stream()
        .filter(object -> api.store().get(object.key()).isEmpty())
        .forEach(api.store()::create);
    ClusterNetwork network = running.add(ClusterNetwork.build(plan));
    ServiceProxy.program(plan, network);
    SocketTraffic traffic = running.add(SocketTraffic.start(network, plan.pods()));
    Conversation allowed = conversation(shop, plan, "storefront", "cart");
    Conversation denied = between(shop, plan, "mailer", "ledger");
    Path netns = network.node(plan.nodes().getFirst()).path();

    NodeUnderTest node = new NodeUnderTest(api.kubeconfig(), netns);
    running.add(node::kill);
    node.start();
    node.awaitEnforcement();
    LabPod forbidden = denied.backends().getFirst().pod();
    Counter counter = Counter.at(network, forbidden, denied.from());
    assertThat(traffic.call(denied, port -> SHORT_PATIENCE_MILLIS)).isEqualTo(new Reach.Silent());

    Caller goodCalls = new Caller(traffic, allowed, PATIENCE_MILLIS);
    Caller badCalls = new Caller(traffic, denied, SHORT_PATIENCE_MILLIS);
    running.add(goodCalls);
    running.add(badCalls);
    for (int kill = 0; kill < 3; kill++) {
      goodCalls.awaitCalls(20);
      node.kill();
      goodCalls.awaitCalls(20);
      node.start();
      if (kill == 1) {
        goodCalls.awaitCalls(5); // and this time it is killed again while it still starts
        node.kill();
        node.start();
      }
      node.awaitEnforcement();
    }
    badCalls.awaitCalls(2);

    assertThat(goodCalls.failures()).isZero();
    assertThat(badCalls.successes()).isZero();
    assertThat(counter.packets()).isZero();
  }

  @Test
  void theCounterCountsWhatArrives() throws Exception {
    Application shop = ApplicationReader.bundled();
    ClusterPlan plan = ClusterPlan.of(shop, 1);
    ClusterNetwork network = running.add(ClusterNetwork.build(plan));
    ServiceProxy.program(plan, network);
    SocketTraffic traffic = running.add(SocketTraffic.start(network, plan.pods()));
    Conversation open = between(shop, plan, "mailer", "ledger");
    Counter counter = Counter.at(network, open.backends().getFirst().pod(), open.from());
    assertThat(traffic.call(open, port -> PATIENCE_MILLIS)).isInstanceOf(Reach.Answered.class);
    assertThat(counter.packets()).isPositive();
  }

  private static Conversation conversation(
      Application shop, ClusterPlan plan, String from, String service) {
    return Conversations.expected(shop, plan).stream()
        .filter(c -> c.call().from().equals(from) && c.call().service().equals(service))
        .findFirst()
        .orElseThrow();
  }

  /** A call that the application does not make. */
  private static Conversation between(
      Application shop, ClusterPlan plan, String from, String service) {
    return Conversations.forbidden(
            shop, plan, c -> c.call().from().equals(from) && c.call().service().equals(service))
        .getFirst();
  }

  /** The node as a process of its own. */
  private static final class NodeUnderTest {
    private final Path kubeconfig;
    private final Path netns;
    private Process process;
    private CountDownLatch enforces = new CountDownLatch(1);

    NodeUnderTest(Path kubeconfig, Path netns) {
      this.kubeconfig = kubeconfig;
      this.netns = netns;
    }

    void start() throws IOException {
      CountDownLatch told = new CountDownLatch(1);
      enforces = told;
      process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--enable-native-access=ALL-UNNAMED",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.margay.app.Main",
                  "node",
                  "--node=node-1",
                  "--netns=" + netns,
                  "--kubeconfig=" + kubeconfig,
                  "--flows=unix:" + kubeconfig.resolveSibling("nobody.sock"))
              .redirectErrorStream(true)
              .start();
      BufferedReader output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      Thread.startVirtualThread(() -> read(output, told));
    }

    private static void read(BufferedReader output, CountDownLatch told) {
      output
          .lines()
          .peek(line -> System.out.println("node process: " + line))
          .filter(line -> line.contains("enforces its policies"))
          .forEach(line -> told.countDown());
    }

    void awaitEnforcement() throws InterruptedException {
      assertThat(enforces.await(START.toMillis(), TimeUnit.MILLISECONDS))
          .as("the node came to enforce its policies")
          .isTrue();
    }

    /** SIGKILL: the process has no chance to do anything. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }
  }

  /** Makes one call after the other. */
  private static final class Caller implements AutoCloseable {
    private final AtomicInteger successes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;

    Caller(SocketTraffic traffic, Conversation conversation, int patienceMillis) {
      thread =
          Thread.startVirtualThread(() -> {
            while (!stopped.get()) {
              boolean through = traffic.call(conversation, port -> patienceMillis).through();
              (through ? successes : failures).incrementAndGet();
            }
          });
    }

    int successes() {
      return successes.get();
    }

    int failures() {
      return failures.get();
    }

    void awaitCalls(int howMany) {
      int enough = successes.get() + failures.get() + howMany;
      await().atMost(START).until(() -> successes.get() + failures.get() >= enough);
    }

    @Override
    public void close() throws InterruptedException {
      stopped.set(true);
      thread.join();
    }
  }

  /** Counts, in a pod's own namespace, every packet that another pod gets there. */
  private record Counter(Nftables nftables) {
    static Counter at(ClusterNetwork network, LabPod pod, LabPod from) {
      Nftables nftables = Nftables.open(network.pod(pod));
      nftables.apply(
          """
          table ip arrivals {
            chain input {
              type filter hook input priority 0; policy accept;
              ip saddr %s counter
            }
          }
          """
              .formatted(from.address()));
      return new Counter(nftables);
    }

    long packets() {
      Matcher matcher =
          PACKETS.matcher(nftables.list("list table ip arrivals", Nftables.Format.TEXT));
      assertThat(matcher.find()).isTrue();
      return Long.parseLong(matcher.group(1));
    }
  }
}
