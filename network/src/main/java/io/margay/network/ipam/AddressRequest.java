package io.margay.network.ipam;

import io.margay.model.net.IpFamily;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import java.util.Map;
import java.util.Set;

/**
 * Who asks for addresses, and for which.
 *
 * @param owner whose blocks they come from
 * @param nodeLabels of the owner's node; none for virtual owners
 * @param namespaceLabels of the workload's namespace; none where there is no workload
 * @param handle by which they are released
 * @param attributes what is recorded about the holder
 * @param v4 how many IPv4 addresses
 * @param v6 how many IPv6 addresses
 * @param pools names or CIDRs of the only pools that may serve; empty for all that select the node
 *     and the namespace
 * @param maxBlocks how many blocks the owner may have; 0 for no limit of its own
 */
public record AddressRequest(
    BlockOwner owner,
    Map<String, String> nodeLabels,
    Map<String, String> namespaceLabels,
    IpPool.Use use,
    String handle,
    Map<String, String> attributes,
    int v4,
    int v6,
    Set<String> pools,
    int maxBlocks) {
  public AddressRequest {
    if (handle.isEmpty()) {
      throw new IllegalArgumentException("a request needs a handle, by which to release");
    }
    nodeLabels = Map.copyOf(nodeLabels);
    namespaceLabels = Map.copyOf(namespaceLabels);
    attributes = Map.copyOf(attributes);
    pools = Set.copyOf(pools);
  }

  /** One IPv4 address for a workload on a node without labels. */
  public static AddressRequest workload(String node, String handle) {
    return new AddressRequest(
        BlockOwner.node(node),
        Map.of(),
        Map.of(),
        IpPool.Use.WORKLOAD,
        handle,
        Map.of("node", node),
        1,
        0,
        Set.of(),
        0);
  }

  /** The same with other numbers of addresses. */
  public AddressRequest with(int newV4, int newV6) {
    return new AddressRequest(
        owner,
        nodeLabels,
        namespaceLabels,
        use,
        handle,
        attributes,
        newV4,
        newV6,
        pools,
        maxBlocks);
  }

  /** The same in somebody else's name. */
  public AddressRequest of(String newHandle, Map<String, String> newAttributes) {
    return new AddressRequest(
        owner,
        nodeLabels,
        namespaceLabels,
        use,
        newHandle,
        newAttributes,
        v4,
        v6,
        pools,
        maxBlocks);
  }

  /** The same from these pools only; from any if there are none. */
  public AddressRequest from(Set<String> newPools) {
    return new AddressRequest(
        owner, nodeLabels, namespaceLabels, use, handle, attributes, v4, v6, newPools, maxBlocks);
  }

  int count(IpFamily family) {
    return switch (family) {
      case IPV4 -> v4;
      case IPV6 -> v6;
    };
  }
}
