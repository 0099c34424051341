package io.margay.network.route;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;

/**
 * What one node's kernel should hold.
 *
 * @param addresses the node's own, by family: the interface that has one leads to the subnet
 * @param routes one way for each destination
 * @param machines addresses of virtual machines, wherever they are
 * @param tunnels by family; none where no pool needs one or this node has no tunnel address
 * @param nat which packets leave with the node's address
 * @param lacksTunnel whether a pool needs a tunnel for which this node has no address yet
 * @param problems why something is not routed, one sentence each
 */
public record RoutePlan(
    Map<IpFamily, IpAddress> addresses,
    SortedMap<Cidr, Way> routes,
    Set<IpAddress> machines,
    Map<IpFamily, Tunnel> tunnels,
    Nat nat,
    boolean lacksTunnel,
    List<String> problems) {
  public RoutePlan {
    addresses = Map.copyOf(addresses);
    machines = Set.copyOf(machines);
    tunnels = Map.copyOf(tunnels);
    problems = List.copyOf(problems);
  }

  /** Where packets to a destination go. */
  public sealed interface Way {
    /**
     * To a pod here, by the host's side of its interface.
     *
     * @param elevated whether other nodes are to prefer it over their own way to the address
     */
    record ToPod(String link, boolean elevated) implements Way {}

    /** To another node, by the address of its tunnel. */
    record Tunnelled(IpAddress farEnd) implements Way {}

    /** To another node on the same subnet, by its own address. */
    record Plain(IpAddress node) implements Way {}

    /** To nobody: an address of this node's blocks that no pod has. */
    record Nowhere() implements Way {}
  }

  /**
   * A family's VXLAN interface.
   *
   * @param local the node's own address, from which it sends
   * @param address the interface's address
   * @param farEnds of the other nodes, by the addresses of their tunnels
   */
  public record Tunnel(
      IpAddress local, IpAddress address, MacAddress mac, SortedMap<IpAddress, FarEnd> farEnds) {}

  /** The other end of a tunnel: its hardware address and the address of its node. */
  public record FarEnd(MacAddress mac, IpAddress node) {}

  /**
   * Packets from {@code sources} to anything outside of {@code inside} leave with the node's own
   * address.
   */
  public record Nat(SortedSet<Cidr> sources, SortedSet<Cidr> inside) {}
}
