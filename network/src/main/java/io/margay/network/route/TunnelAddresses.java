package io.margay.network.route;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpamBlock;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.network.ipam.Assignment;
import io.margay.network.ipam.BlockRange;
import io.margay.network.ipam.DamagedBlockException;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gives a node the addresses of its VXLAN interfaces and writes them into the Node's annotations,
 * where all nodes read them. Whoever stops in the middle leaves an address under the node's handle;
 * the next run gives it back first.
 */
final class TunnelAddresses {
  private final ResourceStore store;
  private final AddressAllocator allocator;
  private final String node;

  TunnelAddresses(ResourceStore store, AddressAllocator allocator, String node) {
    this.store = store;
    this.allocator = allocator;
    this.node = node;
  }

  /**
   * Sees to it that every family with a pool that needs a tunnel here has an address that is held.
   *
   * @return what stands in the way
   */
  List<String> ensure() {
    List<String> problems = new ArrayList<>();
    try {
      Optional<KubeObject> found = store.get(new ResourceKey(Kind.NODE, "", node));
      if (found.isEmpty()) {
        return List.of("there is no Node " + node + ": it gets no tunnel address");
      }
      for (IpFamily family : IpFamily.values()) {
        Set<String> pools = pools(found.get(), family);
        if (!pools.isEmpty() && !isHeld(found.get(), family)) {
          assign(found.get(), family, pools, problems);
        }
      }
    } catch (StoreException | DamagedBlockException e) {
      problems.add("Node " + node + " gets no tunnel address: " + e.getMessage());
    }
    return problems;
  }

  /** The pools of a family whose packets need a tunnel and that serve this node, by CIDR. */
  private Set<String> pools(KubeObject object, IpFamily family) {
    Labels labels = Labels.of(ResourceDecoder.decode(object).resource().metadata().labels());
    return store.list(Kind.IP_POOL, "").items().stream()
        .map(ResourceDecoder::decode)
        .filter(decoded -> decoded.problems().isEmpty())
        .map(decoded -> (IpPool) decoded.resource())
        .filter(pool -> serves(pool, family, labels))
        .map(pool -> String.valueOf(pool.spec().cidr()))
        .collect(Collectors.toSet());
  }

  private static boolean serves(IpPool pool, IpFamily family, Labels labels) {
    IpPool.Spec spec = pool.spec();
    Selector selector = spec.nodeSelector();
    return spec.cidr() != null
        && spec.cidr().family() == family
        && spec.travel().vxlan() != null
        && spec.travel().vxlan() != IpPool.Encapsulation.NEVER
        && spec.allowedUses().contains(IpPool.Use.TUNNEL)
        && !spec.disabled()
        && selector != null
        && selector.matches(labels);
  }

  /** Whether the annotation names an address that a block says is this node's. */
  private boolean isHeld(KubeObject object, IpFamily family) {
    Node decoded = (Node) ResourceDecoder.decode(object).resource();
    NodePlace.Reach reach = NodePlace.of(decoded, new ArrayList<>()).reach(family);
    IpAddress tunnel = reach == null ? null : reach.tunnel();
    return tunnel != null
        && store.list(Kind.IPAM_BLOCK, "").items().stream()
            .map(ResourceDecoder::decode)
            .anyMatch(block -> holds(block, tunnel, handle(family)));
  }

  private static boolean holds(Decoded decoded, IpAddress address, String handle) {
    if (!decoded.problems().isEmpty() || !(decoded.resource() instanceof IpamBlock block)) {
      return false;
    }
    Cidr cidr = block.spec().cidr();
    if (cidr == null || !cidr.contains(address)) {
      return false;
    }
    IpamBlock.Allocation allocation =
        block.spec().allocations().get(BlockRange.number(cidr, address));
    return allocation != null && allocation.isHeld() && allocation.handle().equals(handle);
  }

  private String handle(IpFamily family) {
    return switch (family) {
      case IPV4 -> "vxlan-tunnel-addr-" + node;
      case IPV6 -> "vxlan-v6-tunnel-addr-" + node;
    };
  }

  private void assign(
      KubeObject object, IpFamily family, Set<String> pools, List<String> problems) {
    allocator.releaseHandle(handle(family));
    boolean v4 = family == IpFamily.IPV4;
    Assignment assignment =
        allocator.assign(
            new AddressRequest(
                BlockOwner.node(node),
                ResourceDecoder.decode(object).resource().metadata().labels(),
                Map.of(),
                IpPool.Use.TUNNEL,
                handle(family),
                Map.of("node", node, "type", v4 ? "vxlanTunnelAddress" : "vxlanV6TunnelAddress"),
                v4 ? 1 : 0,
                v4 ? 0 : 1,
                pools,
                0));
    if (assignment.holdings().isEmpty()) {
      problems.add(
          "Node " + node + " gets no tunnel address: " + String.join("; ", assignment.shortages()));
      return;
    }
    annotate(family, assignment.holdings().getFirst().address());
  }

  /** Others write Node objects all the time: read it anew for each attempt. */
  private void annotate(IpFamily family, IpAddress address) {
    for (int attempt = 0; ; attempt++) {
      KubeObject current =
          store
              .get(new ResourceKey(Kind.NODE, "", node))
              .orElseThrow(() ->
                  new StoreException(StoreException.Reason.NOT_FOUND, "there is no Node " + node));
      ObjectNode json = current.json().deepCopy();
      ((ObjectNode) json.path("metadata"))
          .withObjectProperty("annotations")
          .put(NodePlace.tunnelAnnotation(family), address.toString());
      try {
        store.update(new KubeObject(Kind.NODE, json));
        return;
      } catch (StoreException e) {
        if (e.reason() != StoreException.Reason.CONFLICT || attempt == 10) {
          throw e;
        }
      }
    }
  }
}
