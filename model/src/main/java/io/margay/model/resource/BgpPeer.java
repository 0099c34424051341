package io.margay.model.resource;

import io.margay.model.net.IpAddress;
import io.margay.model.selector.Selector;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** With whom which nodes speak BGP, beside the mesh. */
public record BgpPeer(ObjectMeta metadata, Spec spec) implements AddressResource {

  @Override
  public Kind kind() {
    return Kind.BGP_PEER;
  }

  /** What peers hear as the next hop. */
  public enum NextHop {
    /** As BGP has it. */
    AUTO,
    /** This node. */
    SELF,
    /** Whoever it was. */
    KEEP
  }

  /**
   * The specification.
   *
   * @param node whose peer it is; empty if the selector tells
   * @param nodeSelector whose peer it is; null for all nodes, if no node is named
   * @param peer the address; null if the selector tells
   * @param port of the peer; 0 for the usual one
   * @param asNumber of the peer; 0 for the nodes' own
   * @param localAs this node's for this peer; 0 for its own
   * @param peerSelector nodes that are peers
   * @param useNodeIp whether packets to the peer have the node's address for sure
   * @param allowedLocalAs how often the own AS number may stand in a path
   * @param ttlHops within how many hops the peer must be; 0 for any number
   * @param reachableBy the gateway to the peer; null where none is needed
   * @param password signs the session's packets; null where nothing does
   * @param filters names of BGPFilters, in order
   * @param unusable why this is nobody's peer; empty if it can be used
   */
  public record Spec(
      String node,
      @Nullable Selector nodeSelector,
      @Nullable IpAddress peer,
      int port,
      long asNumber,
      long localAs,
      @Nullable Selector peerSelector,
      NextHop nextHop,
      boolean useNodeIp,
      @Nullable Duration restart,
      @Nullable Duration keepalive,
      int allowedLocalAs,
      int ttlHops,
      @Nullable IpAddress reachableBy,
      @Nullable SecretKey password,
      List<String> filters,
      String unusable) {
    public Spec {
      filters = List.copyOf(filters);
    }
  }
}
