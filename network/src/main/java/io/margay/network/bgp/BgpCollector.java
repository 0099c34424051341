package io.margay.network.bgp;

import io.margay.model.net.Cidr;
import io.margay.model.resource.BgpConfiguration;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpPeer;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.network.route.NodePlace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps what of the stream of resources decides how a node speaks BGP. Not thread-safe. */
final class BgpCollector {
  /** What must be streamed. */
  static final Set<Kind> KINDS =
      EnumSet.of(
          Kind.NODE,
          Kind.IP_POOL,
          Kind.IPAM_BLOCK,
          Kind.SERVICE,
          Kind.ENDPOINT_SLICE,
          Kind.BGP_CONFIGURATION,
          Kind.BGP_PEER,
          Kind.BGP_FILTER);

  private final BlockOwner node;
  private final SortedMap<ResourceKey, Resource> resources = new TreeMap<>();
  private final Map<ResourceKey, Cidr> blocks = new HashMap<>();
  private final LocalServices services;
  private boolean inSync;

  BgpCollector(String node) {
    this.node = BlockOwner.node(node);
    this.services = new LocalServices(node);
  }

  void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(Resource resource) -> add(resource);
      case ResourceChange.Removed(ResourceKey key) -> {
        resources.remove(key);
        blocks.remove(key);
        services.remove(key);
      }
      case ResourceChange.InSync _ -> inSync = true;
    }
  }

  /** Of blocks, only which are this node's is kept. */
  private void add(Resource resource) {
    if (services.take(resource)) {
      return;
    }
    if (!(resource instanceof IpamBlock block)) {
      resources.put(resource.key(), resource);
      return;
    }
    Cidr cidr = block.spec().cidr();
    blocks.remove(block.key());
    if (cidr != null && node.equals(block.spec().owner()) && !block.spec().deleted()) {
      blocks.put(block.key(), cidr);
    }
  }

  boolean inSync() {
    return inSync;
  }

  /**
   * The cluster as it is now.
   *
   * @param problems receives what cannot be read of nodes, which are left out
   */
  BgpView view(BgpPasswords passwords, Collection<String> problems) {
    SortedMap<String, BgpNode> nodes = new TreeMap<>();
    Map<String, BgpFilter> filters = new HashMap<>();
    List<IpPool> pools = new ArrayList<>();
    List<BgpPeer> peers = new ArrayList<>();
    BgpConfiguration.Spec configuration = BgpConfiguration.Spec.DEFAULTS;
    for (Resource resource : resources.values()) {
      String name = resource.metadata().name();
      if (resource instanceof Node found) {
        addNode(found, nodes, problems);
      } else if (resource instanceof BgpFilter filter) {
        filters.put(name, filter);
      } else if (resource instanceof IpPool pool) {
        pools.add(pool);
      } else if (resource instanceof BgpPeer peer) {
        peers.add(peer);
      } else if (resource instanceof BgpConfiguration found) {
        if (name.equals(BgpConfiguration.DEFAULT)) {
          configuration = found.spec();
        } else {
          problems.add(found.key() + " has no effect: only the one named default counts");
        }
      }
    }
    SortedSet<Cidr> own = new TreeSet<>(blocks.values());
    return new BgpView(
        nodes, configuration, peers, filters, pools, own, services.addresses(), passwords);
  }

  private static void addNode(Node found, Map<String, BgpNode> nodes, Collection<String> problems) {
    List<String> unreadable = new ArrayList<>();
    try {
      nodes.put(found.metadata().name(), BgpNode.of(found, NodePlace.of(found, unreadable)));
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    problems.addAll(unreadable);
  }
}
