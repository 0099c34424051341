package io.margay.network.route;

import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The model's addresses as module {@code kernel} writes them. */
final class KernelAddresses {
  /** Every address that the host itself has stands in this table. */
  private static final int LOCAL_TABLE = 255;

  /** The protocol of routes that the kernel makes for an interface's address. */
  private static final int KERNEL = 2;

  private KernelAddresses() {}

  static InetAddress of(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.toBytes());
    } catch (UnknownHostException e) {
      throw new AssertionError("an address has 4 or 16 bytes", e);
    }
  }

  static IpPrefix of(Cidr cidr) {
    return new IpPrefix(of(cidr.address()), cidr.prefixLength());
  }

  /** The subnet of one of the host's own addresses, as the kernel's own routes say. */
  static Optional<Cidr> subnet(RouteSocket socket, IpAddress address) {
    Integer device = own(socket).get(of(address));
    return socket.routes(Route.MAIN_TABLE).stream()
        .filter(route -> route.protocol() == KERNEL && route.via() == null)
        .filter(route -> device != null && route.device() == device)
        .map(route -> of(route.destination()))
        .filter(cidr -> cidr.contains(address))
        .max(Comparator.comparing(Cidr::prefixLength));
  }

  private static Cidr of(IpPrefix prefix) {
    return new Cidr(IpAddress.ofBytes(prefix.address().getAddress()), prefix.length());
  }

  /** The host's own addresses, each with the index of its interface. */
  static Map<InetAddress, Integer> own(RouteSocket socket) {
    Map<InetAddress, Integer> own = new HashMap<>();
    for (Route route : socket.routes(LOCAL_TABLE)) {
      if (route.type() == Route.Type.LOCAL) {
        own.put(route.destination().address(), route.device());
      }
    }
    return own;
  }
}
