package io.margay.network.route;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Keeps what of the stream of resources decides one node's routes. Not thread-safe. */
final class ClusterCollector {
  /** What must be streamed. */
  static final Set<Kind> KINDS = EnumSet.of(Kind.NODE, Kind.POD, Kind.IP_POOL, Kind.IPAM_BLOCK);

  private final String node;
  private final SortedMap<String, NodePlace> nodes = new TreeMap<>();
  private final SortedMap<String, List<String>> nodeProblems = new TreeMap<>();
  private final SortedMap<ResourceKey, IpPool> pools = new TreeMap<>();
  private final Map<ResourceKey, BlockPlace> blocks = new HashMap<>();
  private final SortedMap<ResourceKey, Pod> pods = new TreeMap<>();
  private Map<ResourceKey, RoutePriority> priorities = Map.of();
  private boolean inSync;

  ClusterCollector(String node) {
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

  private void forget(ResourceKey key) {
    nodes.remove(key.kind() == Kind.NODE ? key.name() : "");
    nodeProblems.remove(key.kind() == Kind.NODE ? key.name() : "");
    pools.remove(key);
    blocks.remove(key);
    pods.remove(key);
  }

  private void add(Resource resource) {
    if (resource instanceof Node found) {
      List<String> problems = new ArrayList<>();
      nodes.put(found.metadata().name(), NodePlace.of(found, problems));
      if (!problems.isEmpty()) {
        nodeProblems.put(found.metadata().name(), problems);
      }
    } else if (resource instanceof IpPool pool) {
      pools.put(pool.key(), pool);
    } else if (resource instanceof IpamBlock block) {
      BlockPlace place = BlockPlace.of(block);
      if (place != null) {
        blocks.put(block.key(), place);
      }
    } else if (resource instanceof Pod pod && isRouted(pod)) {
      pods.put(pod.key(), pod);
    }
  }

  private boolean isRouted(Pod pod) {
    return pod.spec().nodeName().equals(node) && !pod.spec().hostNetwork() && !pod.finished();
  }

  /** Replaces what is said of pods whose route is not a normal one. */
  void setPriorities(Map<ResourceKey, RoutePriority> replacement) {
    priorities = replacement;
  }

  /** Whether everything that existed at the start has been seen. */
  boolean inSync() {
    return inSync;
  }

  /** What could not be read of the nodes. */
  List<String> problems() {
    return nodeProblems.values().stream().flatMap(List::stream).toList();
  }

  ClusterView view() {
    SortedMap<IpAddress, String> addresses = new TreeMap<>();
    for (Pod pod : pods.values()) {
      for (Pod.PodIp address : pod.status().podIPs()) {
        addresses.put(address.ip(), pod.hostInterface());
      }
    }
    return new ClusterView(
        nodes, List.copyOf(pools.values()), blocks.values(), addresses, priorities);
  }
}
