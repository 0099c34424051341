package io.margay.network.bgp;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpPeer;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One session of a node.
 *
 * @param name of BIRD's protocol, such as {@code Mesh_192_0_2_2}
 * @param local this node's address; null lets the system choose
 * @param passive whether this side waits for the other to connect
 * @param reflectorId this node's cluster id if the peer is its client; empty otherwise
 * @param inCluster whether the peer is a node of the cluster: routes of VXLAN pools are no news
 */
record Session(
    String name,
    @Nullable IpAddress local,
    long localAs,
    IpAddress peer,
    int port,
    long peerAs,
    boolean passive,
    String reflectorId,
    boolean inCluster,
    Options options) {

  /** What a BGPPeer may say beside, with its password in clear. */
  record Options(
      BgpPeer.NextHop nextHop,
      @Nullable Duration restart,
      @Nullable Duration keepalive,
      int allowedLocalAs,
      int ttlHops,
      @Nullable IpAddress reachableBy,
      @Nullable String password,
      List<BgpFilter> filters) {
    static Options ofMesh(@Nullable Duration restart, @Nullable String password) {
      return new Options(BgpPeer.NextHop.AUTO, restart, null, 0, 0, null, password, List.of());
    }

    static Options of(BgpPeer.Spec peer, @Nullable String password, List<BgpFilter> filters) {
      return new Options(
          peer.nextHop(),
          peer.restart(),
          peer.keepalive(),
          peer.allowedLocalAs(),
          peer.ttlHops(),
          peer.reachableBy(),
          password,
          filters);
    }
  }

  boolean isInternal() {
    return localAs == peerAs;
  }
}
