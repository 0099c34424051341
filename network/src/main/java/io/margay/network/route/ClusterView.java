package io.margay.network.route;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpPool;
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
 */
public record ClusterView(
    SortedMap<String, NodePlace> nodes,
    List<IpPool> pools,
    Collection<BlockPlace> blocks,
    SortedMap<IpAddress, String> pods) {
  public ClusterView {
    nodes = new TreeMap<>(nodes);
    pools = List.copyOf(pools);
    blocks = List.copyOf(blocks);
    pods = new TreeMap<>(pods);
  }

  /** Without pods. */
  static ClusterView of(
      Map<String, NodePlace> nodes, List<IpPool> pools, Collection<BlockPlace> blocks) {
    return new ClusterView(new TreeMap<>(nodes), pools, blocks, new TreeMap<>());
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
    return new ClusterView(changed, pools, blocks, pods);
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
