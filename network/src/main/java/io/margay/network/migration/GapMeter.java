package io.margay.network.migration;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Step;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Measures for how long machines that leave this node are silent, and writes it into the record.
 * The two nodes' clocks must agree. Used by the controller's thread.
 */
final class GapMeter implements AutoCloseable {
  private final NetworkNamespace namespace;
  private final PersistentTasks tasks;
  private final MigrationRecords records;
  private final InstantSource clock;
  private final Map<ResourceKey, SourceTraffic> watched = new HashMap<>();
  private volatile OptionalLong lastMillis = OptionalLong.empty();

  GapMeter(
      NetworkNamespace namespace,
      PersistentTasks tasks,
      MigrationRecords records,
      InstantSource clock) {
    this.namespace = namespace;
    this.tasks = tasks;
    this.records = records;
    this.clock = clock;
  }

  /** Watches a machine that is about to leave a pod of this node. */
  void watch(LiveMigration migration, ResourceKey pod) {
    watched.computeIfAbsent(
        migration.key(),
        _ -> SourceTraffic.start(namespace, Pod.hostInterface(pod.namespace(), pod.name()), clock));
  }

  /** Writes what was measured of machines that have arrived, and ends with those that will not. */
  void settle(Collection<LiveMigration> migrations) {
    Map<ResourceKey, LiveMigration> byKey =
        migrations.stream().collect(Collectors.toMap(LiveMigration::key, record -> record));
    watched
        .entrySet()
        .removeIf(entry -> {
          LiveMigration record = byKey.get(entry.getKey());
          Optional<Instant> arrival = record == null ? Optional.empty() : arrival(record);
          boolean over = record == null || record.status().phase().isFinal();
          if (arrival.isPresent()) {
            entry.getValue().until(arrival.get()).ifPresent(gap -> write(entry.getKey(), gap));
          }
          if (over || arrival.isPresent()) {
            entry.getValue().close();
            return true;
          }
          return false;
        });
  }

  private static Optional<Instant> arrival(LiveMigration record) {
    return record.status().steps().stream()
        .filter(step -> step.phase() == Phase.LIVE)
        .map(Step::at)
        .findFirst();
  }

  /** The gap that was measured last; empty before the first. */
  OptionalLong lastMillis() {
    return lastMillis;
  }

  private void write(ResourceKey key, SourceTraffic.Gap gap) {
    lastMillis = OptionalLong.of(gap.millis());
    tasks.submit(
        "the gap of " + key,
        () ->
            records.status(
                key,
                status -> status.put("gapMillis", gap.millis()).put("gapPackets", gap.packets())));
  }

  @Override
  public void close() {
    watched.values().forEach(SourceTraffic::close);
    watched.clear();
  }
}
