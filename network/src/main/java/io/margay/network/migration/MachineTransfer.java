package io.margay.network.migration;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.ResourceKey;
import io.margay.network.migration.MigrationRoles.Part;
import io.margay.network.migration.MigrationRoles.Role;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What the two nodes do beside routes: the machine's connections come to the target before the
 * machine does, and the source measures for how long the machine was silent.
 */
final class MachineTransfer implements AutoCloseable {
  private final MigrationCollector cluster;
  private final ConnectionHandover connections;
  private final GapMeter gaps;

  MachineTransfer(
      NetworkNamespace namespace,
      MigrationCollector cluster,
      PersistentTasks tasks,
      MigrationRecords records,
      InstantSource clock) {
    this.cluster = cluster;
    this.connections = new ConnectionHandover(namespace, tasks, records, clock);
    this.gaps = new GapMeter(namespace, tasks, records, clock);
  }

  /**
   * Does what is due.
   *
   * @param isHere whether a pod with a part is one of this node's
   */
  void attend(Map<ResourceKey, Role> roles, BiPredicate<ResourceKey, Role> isHere) {
    connections.retain(roles.values().stream().map(role -> role.migration().key()).toList());
    roles.forEach((pod, role) -> {
      if (isHere.test(pod, role)) {
        attend(pod, role);
      }
    });
    gaps.settle(cluster.records());
  }

  /** The gap that was measured last, in milliseconds. */
  OptionalLong lastGap() {
    return gaps.lastMillis();
  }

  private void attend(ResourceKey pod, Role role) {
    Set<InetAddress> machine = cluster.addresses(pod);
    Phase phase = role.migration().status().phase();
    boolean before = phase == Phase.PENDING || phase == Phase.PREPARED;
    if (role.part() == Part.SOURCE && before && !machine.isEmpty()) {
      gaps.watch(role.migration(), pod);
      connections.tell(role.migration(), machine);
    } else if (role.part() == Part.TARGET && !machine.isEmpty()) {
      connections.take(role.migration(), machine);
    }
  }

  @Override
  public void close() {
    connections.close();
    gaps.close();
  }
}
