package io.margay.app.process;

import io.margay.model.resource.BlockOwner;
import io.margay.network.ipam.AddressUsage;
import io.margay.network.ipam.AddressUsage.BlockUse;
import io.margay.network.ipam.AddressUsage.PoolUse;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How full the address pools are, by pool and node, under the names of Calico's kube-controllers.
 * Thread-safe.
 */
final class AddressMetrics {
  /** All blocks are read for an answer, so scrapes within this time share one. */
  private static final Duration FRESH = Duration.ofSeconds(15);

  private static final String NO_POOL = "no_ippool";
  private static final String NO_NODE = "no_node";

  private final ResourceStore store;
  private final InstantSource clock;
  private @Nullable Instant read;
  private List<MetricSnapshot> last = List.of();

  AddressMetrics(ResourceStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Whose addresses they are, as labels say. */
  private record Place(String pool, String node) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      int pools = pool.compareTo(other.pool);
      return pools == 0 ? node.compareTo(other.node) : pools;
    }

    Labels labels() {
      return Labels.of("ippool", pool, "node", node);
    }
  }

  synchronized List<MetricSnapshot> snapshots() {
    Instant now = clock.instant();
    if (read == null || !now.isBefore(read.plus(FRESH))) {
      last = figures();
      read = now;
    }
    return last;
  }

  /** Where the process may not read pools and blocks, all other metrics are still exported. */
  private List<MetricSnapshot> figures() {
    try {
      return of(AddressUsage.of(store));
    } catch (StoreException e) {
      return List.of();
    }
  }

  private static List<MetricSnapshot> of(AddressUsage usage) {
    Map<Place, Long> blocks = new TreeMap<>();
    Map<Place, Long> used = new TreeMap<>();
    Map<Place, Long> borrowed = new TreeMap<>();
    GaugeSnapshot.Builder sizes =
        GaugeSnapshot.builder().name("ipam_ippool_size").help("Addresses of a pool.");
    for (PoolUse pool : usage.pools()) {
      sizes.dataPoint(point(pool.total().doubleValue(), Labels.of("ippool", pool.name())));
      pool.blocks().forEach(block -> count(pool.name(), block, blocks, used, borrowed));
    }
    usage.strays().forEach(block -> count(NO_POOL, block, blocks, used, borrowed));
    return List.of(
        sizes.build(),
        gauge("ipam_blocks", "Blocks of a pool that a node has claimed.", blocks),
        gauge(
            "ipam_allocations_in_use",
            "Addresses of a pool that are in use on a node, or cool down.",
            used),
        gauge(
            "ipam_allocations_borrowed",
            "Addresses in use on a node that are of another node's block.",
            borrowed));
  }

  private static void count(
      String pool,
      BlockUse block,
      Map<Place, Long> blocks,
      Map<Place, Long> used,
      Map<Place, Long> borrowed) {
    BlockOwner claimed = block.owner();
    String owner =
        claimed != null && claimed.type() == BlockOwner.Type.HOST ? claimed.name() : NO_NODE;
    blocks.merge(new Place(pool, owner), 1L, Long::sum);
    block
        .addresses()
        .values()
        .forEach(held -> {
          Place place = new Place(pool, held.active().getOrDefault("node", NO_NODE));
          used.merge(place, 1L, Long::sum);
          boolean foreign = held.active().containsKey("node") && !place.node().equals(owner);
          borrowed.merge(place, foreign ? 1L : 0L, Long::sum);
        });
  }

  private static GaugeSnapshot gauge(String name, String help, Map<Place, Long> values) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
    values.forEach((place, value) -> gauge.dataPoint(point(value, place.labels())));
    return gauge.build();
  }

  private static GaugeDataPointSnapshot point(double value, Labels labels) {
    return GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
  }
}
