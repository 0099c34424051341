package io.margay.network.bgp;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.BgpConfiguration;
import io.margay.model.resource.BgpFilter;
import io.margay.model.resource.BgpPeer;
import io.margay.model.resource.IpPool;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of the cluster decides how one node speaks BGP.
 *
 * @param nodes by name
 * @param peers in the order of their names
 * @param filters by name
 * @param blocks this node's
 * @param localServices addresses that only nodes with an endpoint tell, and this node has one
 * @param passwords of sessions
 */
public record BgpView(
    SortedMap<String, BgpNode> nodes,
    BgpConfiguration.Spec configuration,
    List<BgpPeer> peers,
    Map<String, BgpFilter> filters,
    List<IpPool> pools,
    SortedSet<Cidr> blocks,
    SortedSet<IpAddress> localServices,
    BgpPasswords passwords) {
  public BgpView {
    nodes = new TreeMap<>(nodes);
    peers = List.copyOf(peers);
    filters = Map.copyOf(filters);
    pools = List.copyOf(pools);
    blocks = new TreeSet<>(blocks);
    localServices = new TreeSet<>(localServices);
  }
}
