package io.margay.kernel.route;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.Flags;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Links, addresses, routes and neighbours of one namespace, usable from any thread. Every change
 * waits until the kernel has made it and throws {@link KernelException} when it refuses.
 */
public final class RouteSocket implements AutoCloseable {
  private static final int CREATE_ONLY = Flags.CREATE | Flags.EXCLUSIVE;
  private static final int CREATE_OR_REPLACE = Flags.CREATE | Flags.REPLACE;

  private final NetlinkSocket socket;

  private RouteSocket(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static RouteSocket open(NetworkNamespace namespace) {
    return new RouteSocket(NetlinkSocket.open(namespace, NetlinkSocket.Family.ROUTE));
  }

  /**
   * Makes an interface, switched off.
   *
   * @return its index
   */
  public int createLink(LinkSpec spec) {
    socket.request(LinkMessages.create(spec), spec.toString());
    return index(spec.name());
  }

  /**
   * Makes a pair of connected interfaces, both switched off: one here, its peer in another
   * namespace.
   *
   * @return the index of the one here
   */
  public int createVeth(String name, String peerName, NetworkNamespace peerNamespace) {
    LinkNames.check(name);
    LinkNames.check(peerName);
    socket.request(
        LinkMessages.createVeth(name, peerName, peerNamespace),
        "veth " + name + ", peer " + peerName + " in " + peerNamespace);
    return index(name);
  }

  public void setUp(int index) {
    socket.request(LinkMessages.switched(index, true), "link " + index + " up");
  }

  public void setDown(int index) {
    socket.request(LinkMessages.switched(index, false), "link " + index + " down");
  }

  /** Renames an interface, which must be switched off. */
  public void rename(int index, String name) {
    LinkNames.check(name);
    socket.request(LinkMessages.renamed(index, name), "link " + index + " name " + name);
  }

  public void setMtu(int index, int mtu) {
    socket.request(LinkMessages.withMtu(index, mtu), "link " + index + " mtu " + mtu);
  }

  public void setMac(int index, MacAddress mac) {
    socket.request(LinkMessages.withMac(index, mac), "link " + index + " address " + mac);
  }

  /** Puts an interface into a bridge; master 0 takes it out. */
  public void setMaster(int index, int master) {
    socket.request(LinkMessages.withMaster(index, master), "link " + index + " master " + master);
  }

  public void moveTo(int index, NetworkNamespace namespace) {
    socket.request(LinkMessages.movedTo(index, namespace), "link " + index + " to " + namespace);
  }

  public void deleteLink(int index) {
    socket.request(LinkMessages.deleted(index), "link " + index);
  }

  public List<Link> links() {
    return socket.dump(LinkMessages.all(), "links", LinkMessages::read);
  }

  /** The interface of a name, if there is one. */
  public Optional<Link> link(String name) {
    try {
      return Optional.of(
          socket.query(LinkMessages.named(name), "link " + name, LinkMessages::read));
    } catch (KernelException e) {
      if (e.is(Errno.ENODEV)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What an interface has received and sent. */
  public LinkTraffic traffic(int index) {
    return socket.query(LinkMessages.indexed(index), "link " + index, LinkMessages::readTraffic);
  }

  /** How a VXLAN interface was made; empty when there is none of that name. */
  public Optional<LinkSpec.Vxlan> vxlan(String name) {
    return link(name)
        .filter(link -> link.kind().equals("vxlan"))
        .map(link ->
            socket.query(LinkMessages.named(name), "link " + name, LinkMessages::readVxlan));
  }

  /**
   * The index of an interface.
   *
   * @throws KernelException ENODEV when there is none of that name
   */
  public int index(String name) {
    return socket.query(LinkMessages.named(name), "link " + name, LinkMessages::read).index();
  }

  /** Gives an interface an address; IPv6 addresses are usable at once. */
  public void addAddress(int device, IpPrefix address) {
    socket.request(
        RouteMessages.addAddress(device, address, CREATE_ONLY),
        "address " + address + " on link " + device);
  }

  public void deleteAddress(int device, IpPrefix address) {
    socket.request(
        RouteMessages.deleteAddress(device, address), "address " + address + " on link " + device);
  }

  /** Adds a route; refuses (EEXIST) when there is one of the same destination and metric. */
  public void addRoute(Route route) {
    socket.request(RouteMessages.add(route, CREATE_ONLY), route.toString());
  }

  /** Adds a route or replaces the one of the same destination and metric. */
  public void replaceRoute(Route route) {
    socket.request(RouteMessages.add(route, CREATE_OR_REPLACE), route.toString());
  }

  public void deleteRoute(Route route) {
    socket.request(RouteMessages.delete(route), route.toString());
  }

  /** All IPv4 and IPv6 routes of a table. */
  public List<Route> routes(int table) {
    return Stream.of(RouteMessages.AF_INET, RouteMessages.AF_INET6)
        .flatMap(family ->
            socket.dump(RouteMessages.all(family), "routes", RouteMessages::read).stream())
        .filter(route -> route.table() == table)
        .toList();
  }

  /** Adds a neighbour or replaces the one of the same address. */
  public void setNeighbour(Neighbour neighbour) {
    socket.request(NeighbourMessages.add(neighbour, CREATE_OR_REPLACE), neighbour.toString());
  }

  public void deleteNeighbour(Neighbour neighbour) {
    socket.request(NeighbourMessages.delete(neighbour), neighbour.toString());
  }

  /** The ARP and neighbour discovery tables. */
  public List<NeighbourEntry> neighbours() {
    return socket.dump(NeighbourMessages.all(), "neighbours", NeighbourMessages::read);
  }

  /** Where the VXLAN interfaces send frames. */
  public List<Neighbour.Forwarding> forwarding() {
    return socket.dump(
        NeighbourMessages.allForwarding(), "forwarding", NeighbourMessages::readForwarding);
  }

  @Override
  public void close() {
    socket.close();
  }
}
