package io.margay.network.route;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.ResourceKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What of the cluster decides a node's routes.
 *
 * @param nodes by name
 * @param pods addresses of this node's pods, with the host's sides of their interfaces
 * @param priorities of this node's pods whose route is not {@link RoutePriority#NORMAL}
 */
public record ClusterView(
    SortedMap<String, NodePlace> nodes,
    List<IpPool> pools,
    Collection<BlockPlace> blocks,
    SortedMap<IpAddress, String> pods,
    Map<ResourceKey, RoutePriority> priorities) {
  public ClusterView {
    nodes = new TreeMap<>(nodes);
    pools = List.copyOf(pools);
    blocks = List.copyOf(blocks);
    pods = new TreeMap<>(pods);
    priorities = Map.copyOf(priorities);
  }

  /** Without pods. */
  static ClusterView of(
      Map<String, NodePlace> nodes, List<IpPool> pools, Collection<BlockPlace> blocks) {
    return new ClusterView(new TreeMap<>(nodes), pools, blocks, new TreeMap<>(), Map.of());
  }

  /** The same, where the node's subnet is this one if the Node object does not say which. */
  ClusterView withSubnet(String node, Cidr subnet) {
    NodePlace place = nodes.get(node);
    NodePlace.Reach reach = place == null ? null : place.reach(subnet.family());
    if (place == null || reach == null || reach.subnet() != null) {
      return this;
    }
    SortedMap<String, NodePlace> changed = new TreeMap<>(nodes);
    changed.put(node, place.with(subnet.family(), reach.within(subnet)));
    return new ClusterView(changed, pools, blocks, pods, priorities);
  }

  RoutePriority priority(ResourceKey pod) {
    return priorities.getOrDefault(pod, RoutePriority.NORMAL);
  }

  /** Addresses of virtual machines. */
  SortedMap<IpAddress, MachinePlace> machines() {
    SortedMap<IpAddress, MachinePlace> machines = new TreeMap<>();
    blocks.forEach(block -> machines.putAll(block.machines()));
    return machines;
  }

  /** The pool of a block, the narrowest where they overlap. */
  @Nullable IpPool poolOf(Cidr block) {
    IpPool best = null;
    int length = -1;
    for (IpPool pool : pools) {
      Cidr cidr = pool.spec().cidr();
      if (cidr != null && cidr.contains(block) && cidr.prefixLength() > length) {
        best = pool;
        length = cidr.prefixLength();
      }
    }
    return best;
  }
}
