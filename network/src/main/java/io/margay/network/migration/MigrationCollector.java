package io.margay.network.migration;

import io.margay.model.resource.Kind;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.VirtualMachineInstanceMigration;
import java.net.InetAddress;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Keeps what of the stream of resources a node needs for migrations. Not thread-safe. */
final class MigrationCollector {
  /** What must be streamed before anything is done. */
  static final Set<Kind> KINDS = EnumSet.of(Kind.POD, Kind.LIVE_MIGRATION);

  /** What there is only where KubeVirt is installed: nothing may wait for it. */
  static final Set<Kind> KUBEVIRT = EnumSet.of(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION);

  private static final String MIGRATION_LABEL = "kubevirt.io/migrationJobUID";

  private final String node;
  private final Map<ResourceKey, Pod> pods = new TreeMap<>();
  private final Map<ResourceKey, LiveMigration> records = new TreeMap<>();
  private final Map<ResourceKey, VirtualMachineInstanceMigration> migrations = new TreeMap<>();
  private boolean inSync;
  private boolean knowsKubeVirt;

  MigrationCollector(String node) {
    this.node = node;
  }

  void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(Resource resource) -> {
        forget(resource.key());
        add(resource);
      }
      case ResourceChange.Removed(ResourceKey key) -> forget(key);
      case ResourceChange.InSync _ -> inSync = true;
    }
  }

  /** As {@link #apply}, of the stream that may never be in sync. */
  void applyKubeVirt(ResourceChange change) {
    if (change instanceof ResourceChange.InSync) {
      knowsKubeVirt = true;
    } else {
      apply(change);
    }
  }

  private void forget(ResourceKey key) {
    pods.remove(key);
    records.remove(key);
    migrations.remove(key);
  }

  private void add(Resource resource) {
    if (resource instanceof LiveMigration record) {
      records.put(record.key(), record);
    } else if (resource instanceof VirtualMachineInstanceMigration migration) {
      migrations.put(migration.key(), migration);
    } else if (resource instanceof Pod pod
        && pod.spec().nodeName().equals(node)
        && !pod.finished()) {
      pods.put(pod.key(), pod);
    }
  }

  boolean inSync() {
    return inSync;
  }

  /** Whether all of KubeVirt's migrations that existed at the start have been seen. */
  boolean knowsKubeVirt() {
    return knowsKubeVirt;
  }

  Collection<LiveMigration> records() {
    return List.copyOf(records.values());
  }

  Optional<LiveMigration> record(ResourceKey key) {
    return Optional.ofNullable(records.get(key));
  }

  /** Whether a pod runs on this node. */
  boolean runsHere(ResourceKey pod) {
    return pods.containsKey(pod);
  }

  /** The addresses of a pod here; none for others. */
  Set<InetAddress> addresses(ResourceKey key) {
    Pod pod = pods.get(key);
    return pod == null
        ? Set.of()
        : pod.status().podIPs().stream()
            .map(address -> InetAddress.ofLiteral(address.ip().toString()))
            .collect(Collectors.toSet());
  }

  /** One of KubeVirt's migrations, by its namespace and uid. */
  Optional<VirtualMachineInstanceMigration> migration(String namespace, String uid) {
    return migrations.values().stream()
        .filter(migration -> migration.metadata().namespace().equals(namespace))
        .filter(migration -> migration.metadata().uid().equals(uid))
        .findFirst();
  }

  /** Pods here to which machines migrate, with the uids of their migrations. */
  Map<ResourceKey, String> targets() {
    Map<ResourceKey, String> targets = new TreeMap<>();
    pods.forEach((key, pod) -> {
      String uid = pod.metadata().labels().getOrDefault(MIGRATION_LABEL, "");
      if (!uid.isEmpty()) {
        targets.put(key, uid);
      }
    });
    return targets;
  }

  /** Whether there is a record of a migration. */
  boolean isRecorded(String namespace, String uid) {
    return records.values().stream()
        .anyMatch(record ->
            record.metadata().namespace().equals(namespace) && record.spec().uid().equals(uid));
  }
}
