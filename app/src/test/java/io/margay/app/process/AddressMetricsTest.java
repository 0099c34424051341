package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.Manifests;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** How full pools are, as Prometheus is told. */
class AddressMetricsTest {
  private static final String POOL =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.9.0.0/28, blockSize: 29}
      """;

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-28T10:00:00Z"));

  @Test
  void addressesAreCountedByPoolAndNodeAndReadAnewAfterAWhile() {
    try (ResourceStore store = new MemoryStore()) {
      Manifests.read("pool", POOL).objects().forEach(store::create);
      AddressAllocator allocator = new AddressAllocator(store, now::get, new Random(1));
      AddressMetrics metrics = new AddressMetrics(store, now::get);
      for (int i = 0; i < 8; i++) {
        allocator.assign(AddressRequest.workload("one", "one." + i));
      }
      allocator.assign(AddressRequest.workload("two", "two.0"));
      allocator.assign(AddressRequest.workload("one", "one.8")); // No block is left for it.
      Map<String, Double> told = values(metrics);
      assertThat(told)
          .containsEntry("ipam_ippool_size{ippool=\"pods\"}", 16.0)
          .containsEntry("ipam_blocks{ippool=\"pods\",node=\"one\"}", 1.0)
          .containsEntry("ipam_blocks{ippool=\"pods\",node=\"two\"}", 1.0)
          .containsEntry("ipam_allocations_in_use{ippool=\"pods\",node=\"one\"}", 9.0)
          .containsEntry("ipam_allocations_in_use{ippool=\"pods\",node=\"two\"}", 1.0)
          .containsEntry("ipam_allocations_borrowed{ippool=\"pods\",node=\"one\"}", 1.0)
          .containsEntry("ipam_allocations_borrowed{ippool=\"pods\",node=\"two\"}", 0.0);

      allocator.assign(AddressRequest.workload("two", "two.1"));
      assertThat(values(metrics)).as("the same scrape").isEqualTo(told);
      now.set(now.get().plusSeconds(15));
      assertThat(values(metrics))
          .containsEntry("ipam_allocations_in_use{ippool=\"pods\",node=\"two\"}", 2.0);
    }
  }

  private static Map<String, Double> values(AddressMetrics metrics) {
    Map<String, Double> values = new TreeMap<>();
    for (MetricSnapshot metric : metrics.snapshots()) {
      GaugeSnapshot gauge = (GaugeSnapshot) metric;
      gauge
          .getDataPoints()
          .forEach(point ->
              values.put(gauge.getMetadata().getName() + point.getLabels(), point.getValue()));
    }
    return values;
  }
}
