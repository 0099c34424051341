package io.margay.flows.collect;

import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.judged;
import static io.margay.flows.Fixtures.pod;
import static io.margay.flows.Fixtures.tcp;
import static io.margay.flows.Fixtures.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node's sender and a collector, over a socket file. */
@Timeout(60)
class CollectTest {
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;
  private final DurableIngest ingest = new DurableIngest();
  private final DropCounters drops = new DropCounters();
  private Collector collector;
  private FlowServer server;
  private FlowSender sender;

  @BeforeEach
  void startSender() throws IOException {
    sender = sender(SpoolLimits.DEFAULT);
  }

  private FlowSender sender(SpoolLimits limits) throws IOException {
    FlowSender started =
        FlowSender.start(
            new FlowSender.Config(
                "node-1", address(), null, folder.resolve("spool"), limits, FlowLimits.DEFAULT),
            CLOCK);
    started.apply(upsert(pod("shop", "web-1", Map.of("app", "web"), "10.0.0.1")));
    started.apply(upsert(pod("shop", "cart-1", Map.of("app", "cart"), "10.0.0.2")));
    return started;
  }

  @AfterEach
  void stop() {
    sender.close();
    stopServer();
  }

  private FlowAddress address() {
    return new FlowAddress.UnixSocket(folder.resolve("flows.sock"));
  }

  private void startServer() throws IOException {
    collector = new Collector(ingest, drops, CLOCK);
    server = FlowServer.start(address(), null, List.of(collector), new CallEndings());
  }

  private void stopServer() {
    if (server != null) {
      server.close();
      server = null;
    }
  }

  private void denied(int attempts, int port) {
    for (int i = 0; i < attempts; i++) {
      sender.accept(judged(Instant.now(), tcp("10.0.0.1", 40000, "10.0.0.2", port), DENIED));
    }
  }

  private void awaitStarted(long connections) {
    await().untilAsserted(() -> assertThat(ingest.started()).isEqualTo(connections));
  }

  @Test
  void aNodeAttributesAndCountsUp() throws IOException {
    startServer();
    denied(100, 80);
    awaitStarted(100);
    FlowUpdate update = ingest.updates().getFirst();
    assertThat(update.key().source().name()).isEqualTo("web-*");
    assertThat(update.key().dest().namespace()).isEqualTo("shop");
    assertThat(update.sourceLabels()).contains("app=web");
    assertThat(ingest.updates()).hasSizeLessThan(100);
    assertThat(sender.dropped()).isEmpty();
    await().until(() -> sender.statistics().waiting() == 0);
    assertThat(sender.statistics().connected()).isTrue();
    assertThat(collector.connections()).isEqualTo(1);
  }

  @Test
  void aSenderFindsACollectorThatStartsLater() throws IOException {
    denied(3, 80);
    await().until(() -> sender.statistics().waiting() > 0);
    assertThat(sender.statistics().connected()).isFalse();
    startServer();
    awaitStarted(3);
  }

  @Test
  void nothingIsLostOrCountedTwiceWhileCollectorsComeAndGo() throws Exception {
    long sent = 0;
    for (int life = 0; life < 3; life++) {
      startServer();
      for (int i = 0; i < 20; i++) {
        denied(50, 1 + i);
        sent += 50;
        Thread.sleep(20);
      }
      stopServer();
      denied(50, 80);
      sent += 50;
    }
    startServer();
    awaitStarted(sent);
    List<Long> numbers = ingest.updates().stream().map(u -> u.origin().sequence()).toList();
    assertThat(numbers).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void whatCannotBeStoredIsSentAgain() throws IOException {
    ingest.failNext(3);
    startServer();
    denied(10, 80);
    awaitStarted(10);
    assertThat(ingest.updates()).hasSize(1);
  }

  @Test
  void whatANodeDroppedIsToldToTheCollector() throws IOException {
    sender.close();
    sender = sender(new SpoolLimits(1, 0, 1));
    denied(1, 80);
    await().until(() -> sender.statistics().waiting() == 1);
    for (int port = 1; port <= 5; port++) {
      denied(1, port);
    }
    await().until(() -> sender.dropped().getOrDefault("spool-full", 0L) == 5);
    startServer();
    await()
        .untilAsserted(
            () -> assertThat(collector.droppedAtNodes()).containsEntry("node-1_spool-full", 5L));
    assertThat(drops.get(DropReason.UNREADABLE)).isZero();
  }

  @Test
  void whatIsLeftAtTheEndIsSentByTheNextProcess() throws IOException {
    denied(7, 80);
    await().until(() -> sender.statistics().waiting() > 0);
    sender.close();
    sender = sender(SpoolLimits.DEFAULT);
    startServer();
    awaitStarted(7);
  }
}
