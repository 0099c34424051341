package io.margay.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.lab.cluster.ClusterObjects;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.ground.Ground;
import io.margay.app.lab.ground.KernelGround;
import io.margay.app.lab.ground.SimulatedGround;
import io.margay.app.lab.traffic.TrafficDriver.Statistics;
import io.margay.model.flow.FlowEvent;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The bundled application runs, and what its sockets see is what the engine says. */
class LabTest {
  private final Application shop = ApplicationReader.bundled();
  private final ClusterPlan plan = ClusterPlan.of(shop, 2);
  private final Queue<FlowEvent> events = new ConcurrentLinkedQueue<>();

  @Test
  void inMemory() throws IOException {
    runOn(new SimulatedGround());
  }

  @NeedsNamespaces
  @Nested
  class InTheKernel {
    @Test
    void betweenNamespaces() throws IOException {
      runOn(KernelGround.build(plan));
    }
  }

  private void runOn(Ground ground) throws IOException {
    try (MemoryStore store = new MemoryStore();
        ground) {
      ClusterObjects.of(shop, plan).forEach(store::create);
      try (Lab.RunningLab lab = Lab.start(shop, plan, ground, store, node -> events::add)) {
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> lab.traffic().statistics().tried() >= 150);
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> {
              assertThat(seen(event -> event.outcome().allowed())).isTrue();
              assertThat(seen(event -> !event.outcome().allowed())).isTrue();
              assertThat(seen(event -> event.outcome().pendingDiffers())).isTrue();
              assertThat(seen(event -> event instanceof FlowEvent.Counted)).isTrue();
            });
        Statistics statistics = lab.traffic().statistics();
        assertThat(statistics.examples()).isEmpty();
        assertThat(statistics.mismatches()).isZero();
        assertThat(statistics.through()).isPositive().isLessThan(statistics.tried());
      }
    }
  }

  private boolean seen(Predicate<FlowEvent> wanted) {
    return events.stream().anyMatch(wanted);
  }
}
