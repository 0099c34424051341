package io.margay.network.route;

import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.NeighbourEntry;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpFamily;
import io.margay.network.route.RoutePlan.Tunnel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The VXLAN interface of one family, with what it must know of the other ends: nothing is learnt in
 * it. The interface is known by its name, and everything on it is ours.
 */
final class TunnelDevice {
  private final RouteSocket socket;
  private final RouteSettings settings;
  private final IpFamily family;
  private final String name;

  TunnelDevice(RouteSocket socket, RouteSettings settings, IpFamily family) {
    this.socket = socket;
    this.settings = settings;
    this.family = family;
    this.name = RouteSettings.tunnelName(family);
  }

  /** Takes the interface away, if it is there; the routes through it go with it. */
  void remove() {
    existing().ifPresent(link -> socket.deleteLink(link.index()));
  }

  /**
   * Makes the interface what it should be.
   *
   * @return its index
   */
  int ensure(Tunnel tunnel) {
    Link link = madeAs(tunnel);
    int index = link.index();
    if (!tunnel.mac().equals(link.mac())) {
      socket.setMac(index, tunnel.mac());
    }
    int mtu = mtu(tunnel);
    if (link.mtu() != mtu) {
      socket.setMtu(index, mtu);
    }
    address(index, KernelAddresses.of(tunnel.address()));
    if (!link.up()) {
      socket.setUp(index);
    }
    return index;
  }

  private Optional<Link> existing() {
    Optional<Link> link = socket.link(name);
    if (link.isPresent() && !link.get().kind().equals("vxlan")) {
      throw new IllegalStateException(
          "interface "
              + name
              + " is a "
              + link.get().kind()
              + " and no VXLAN: rename or remove it");
    }
    return link;
  }

  private Link madeAs(Tunnel tunnel) {
    LinkSpec.Vxlan wanted =
        new LinkSpec.Vxlan(
            name,
            settings.vxlanId(),
            settings.vxlanPort(),
            KernelAddresses.of(tunnel.local()),
            false);
    Optional<Link> link = existing();
    if (link.isPresent() && !socket.vxlan(name).equals(Optional.of(wanted))) {
      // What a tunnel was made with cannot be changed.
      socket.deleteLink(link.get().index());
      link = Optional.empty();
    }
    if (link.isEmpty()) {
      socket.createLink(wanted);
    }
    return socket.link(name).orElseThrow();
  }

  private int mtu(Tunnel tunnel) {
    if (settings.mtu() != 0) {
      return settings.mtu();
    }
    Integer outer = KernelAddresses.own(socket).get(KernelAddresses.of(tunnel.local()));
    if (outer == null) {
      throw new IllegalStateException(
          "no interface has this node's address " + tunnel.local() + ": correct the Node object");
    }
    return socket.links().stream()
        .filter(link -> link.index() == outer)
        .mapToInt(link -> link.mtu() - RouteSettings.overhead(family))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("interface " + outer + " is gone"));
  }

  private void address(int index, InetAddress wanted) {
    Set<InetAddress> found = new HashSet<>();
    KernelAddresses.own(socket)
        .forEach((address, device) -> {
          if (device == index && !address.isLinkLocalAddress()) {
            found.add(address);
          }
        });
    for (InetAddress address : found) {
      if (!address.equals(wanted)) {
        socket.deleteAddress(index, IpPrefix.single(address));
      }
    }
    if (!found.contains(wanted)) {
      socket.addAddress(index, IpPrefix.single(wanted));
    }
  }

  /** Makes what it knows of the other ends the difference between what it should and does know. */
  void connect(int index, Tunnel tunnel) {
    Map<InetAddress, MacAddress> neighbours = new HashMap<>();
    Map<MacAddress, InetAddress> remotes = new HashMap<>();
    tunnel
        .farEnds()
        .forEach((address, end) -> {
          neighbours.put(KernelAddresses.of(address), end.mac());
          remotes.put(end.mac(), KernelAddresses.of(end.node()));
        });
    forward(index, remotes);
    resolve(index, neighbours);
  }

  private void forward(int index, Map<MacAddress, InetAddress> remotes) {
    Map<MacAddress, InetAddress> missing = new HashMap<>(remotes);
    for (Neighbour.Forwarding entry : socket.forwarding()) {
      if (entry.device() != index || missing.remove(entry.mac(), entry.remote())) {
        continue;
      }
      if (!remotes.containsKey(entry.mac())) {
        socket.deleteNeighbour(entry);
      }
    }
    missing.forEach(
        (mac, remote) -> socket.setNeighbour(new Neighbour.Forwarding(index, mac, remote)));
  }

  private void resolve(int index, Map<InetAddress, MacAddress> neighbours) {
    Map<InetAddress, MacAddress> missing = new HashMap<>(neighbours);
    for (NeighbourEntry entry : socket.neighbours()) {
      boolean ours =
          entry.device() == index
              && entry.permanent()
              && entry.address() instanceof Inet4Address == (family == IpFamily.IPV4);
      MacAddress mac = entry.mac();
      if (!ours || mac == null || missing.remove(entry.address(), mac)) {
        continue;
      }
      if (!neighbours.containsKey(entry.address())) {
        socket.deleteNeighbour(new Neighbour.Permanent(index, entry.address(), mac));
      }
    }
    missing.forEach(
        (address, mac) -> socket.setNeighbour(new Neighbour.Permanent(index, address, mac)));
  }
}
