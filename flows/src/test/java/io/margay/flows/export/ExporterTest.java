package io.margay.flows.export;

import static io.margay.flows.export.Flows.flows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExporterTest {
  /** Takes a batch for every permit. */
  private static final class Slow implements ExportTarget {
    private final Semaphore permits = new Semaphore(0);
    private final List<ExportedFlow> taken = new ArrayList<>();
    private int failures;
    private boolean closed;

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public int send(List<ExportedFlow> flows) throws IOException, InterruptedException {
      permits.acquire();
      synchronized (this) {
        if (failures > 0) {
          failures--;
          throw new IOException("not now");
        }
        taken.addAll(flows);
      }
      return 0;
    }

    synchronized List<Integer> ports() {
      return taken.stream().map(flow -> flow.key().destPort()).toList();
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }

  private final Slow target = new Slow();

  private static List<Integer> ports(int from, int to) {
    return flows(from, to).stream().map(flow -> flow.key().destPort()).toList();
  }

  @Test
  void whatDoesNotFitIsDroppedAndCounted() {
    try (Exporter exporter = Exporter.start(target, 10)) {
      exporter.offer(flows(1, 5));
      await().until(() -> exporter.statistics().waiting() == 0); // the target has them
      exporter.offer(flows(6, 20));
      assertThat(exporter.statistics().waiting()).isEqualTo(10);
      assertThat(exporter.statistics().full()).isEqualTo(5);
      target.permits.release(1_000);
      await().untilAsserted(() -> assertThat(target.ports()).isEqualTo(ports(1, 15)));
      await().until(() -> exporter.statistics().sent() == 15);
    }
    assertThat(target.closed).isTrue();
  }

  @Test
  void whatFailsIsTriedAgainInOrder() {
    target.failures = 2;
    target.permits.release(1_000);
    try (Exporter exporter = Exporter.start(target, 100)) {
      exporter.offer(flows(1, 3));
      exporter.offer(flows(4, 6));
      await().untilAsserted(() -> assertThat(target.ports()).isEqualTo(ports(1, 6)));
    }
  }

  @Test
  void theEndSendsWhatWaitsAndCountsWhatIsNotTaken() {
    target.permits.release(1_000);
    Exporter good = Exporter.start(target, 100);
    good.offer(flows(1, 50));
    good.close();
    assertThat(target.ports()).isEqualTo(ports(1, 50));

    Slow dead = new Slow();
    dead.failures = 1_000;
    dead.permits.release(1_000);
    Exporter bad = Exporter.start(dead, 100);
    bad.offer(flows(1, 7));
    bad.close();
    assertThat(bad.statistics().unsent()).isEqualTo(7);
    assertThat(dead.closed).isTrue();
  }

  /** Stores, or not. */
  private record Store(boolean works) implements FlowIngest {
    @Override
    public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      return works
          ? CompletableFuture.completedFuture(null)
          : CompletableFuture.failedFuture(new IOException("no"));
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of("node-1", 7L);
    }
  }

  @Test
  void updatesOfABucketGoTogether() {
    target.permits.release(1_000);
    try (Exports exports =
        new Exports(
            new Store(true), List.of(Exporter.start(target, 100)), Duration.ofHours(1), 2)) {
      assertThat(exports.lastSequences()).containsEntry("node-1", 7L);
      exports.accept(List.of(Flows.update(1, 80, new FlowCounters(1, 1, 60, 60, 1, 0, 2)))).join();
      exports.accept(List.of(Flows.update(2, 80, new FlowCounters(2, 1, 90, 60, 0, 1, -1)))).join();
      assertThat(target.ports()).isEmpty();
      exports.accept(List.of(Flows.update(3, 81, FlowCounters.ZERO))).join();
      await().untilAsserted(() -> assertThat(target.ports()).containsExactly(80, 81));
    }
    ExportedFlow first = target.taken.getFirst();
    assertThat(first.counters()).isEqualTo(new FlowCounters(3, 2, 150, 120, 1, 1, 1));
    assertThat(first.destLabels()).containsExactly("app=cart");
  }

  @Test
  void whatIsNotStoredIsNotExported() {
    target.permits.release(1_000);
    try (Exports exports =
        new Exports(
            new Store(false), List.of(Exporter.start(target, 100)), Duration.ofHours(1), 1)) {
      assertThat(exports.accept(List.of(Flows.update(1, 80, FlowCounters.ZERO))))
          .isCompletedExceptionally();
    }
    assertThat(target.ports()).isEmpty();
  }
}
