package io.margay.network.cni;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.network.cni.CniException.Code;
import io.margay.network.route.RouteSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The cable between a node and a pod, laid as Calico lays it: the pod has single addresses and a
 * default route to a gateway that no interface has, for which the host's side answers.
 */
final class PodLink {
  /** All pods see the same gateway, so that a pod can move without noticing. */
  static final MacAddress HOST_MAC = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private static final String GATEWAY_V4 = "169.254.1.1";

  /** The link-local address that {@link #HOST_MAC} leads to. */
  private static final String GATEWAY_V6 = "fe80::ecee:eeff:feee:eeee";

  private static final String VETH = "veth";

  private static final int LOCAL_TABLE = 255;
  private static final Duration SETTLING_PAUSE = Duration.ofMillis(2);
  private static final int SETTLING_TRIES = 2_500;

  private final NetworkNamespace host;

  PodLink(NetworkNamespace host) {
    this.host = host;
  }

  static String gateway(IpFamily family) {
    return switch (family) {
      case IPV4 -> GATEWAY_V4;
      case IPV6 -> GATEWAY_V6;
    };
  }

  /**
   * What is to be connected.
   *
   * @param mac of the pod's side; null for any
   * @param routed whether the node routes to the pod from the start. Not to a machine's: it may run
   *     elsewhere, and the route controller knows
   */
  record Plan(
      String hostName,
      String podName,
      String sandbox,
      int mtu,
      @Nullable MacAddress mac,
      List<IpAddress> addresses,
      boolean routed) {}

  /**
   * Connects a pod, in place of what is left of an earlier attempt. If it fails, nothing is left.
   *
   * @throws KernelException if the kernel refuses
   */
  Attachment connect(Plan plan) {
    try (NetworkNamespace pod = NetworkNamespace.open(Path.of(plan.sandbox()));
        RouteSocket outside = RouteSocket.open(host);
        RouteSocket inside = RouteSocket.open(pod)) {
      removeLeftover(outside, plan.hostName());
      requireFree(inside, plan.podName());
      int hostSide = outside.createVeth(plan.hostName(), plan.podName(), pod);
      try {
        int podSide = inside.index(plan.podName());
        outside.setMac(hostSide, HOST_MAC);
        outside.setMtu(hostSide, plan.mtu());
        inside.setMtu(podSide, plan.mtu());
        if (plan.mac() != null) {
          inside.setMac(podSide, plan.mac());
        }
        List<IpFamily> families = plan.addresses().stream().map(IpAddress::family).toList();
        hostSettings(plan.hostName(), families).forEach(host::setSysctl);
        podSettings(plan.podName(), families).forEach(pod::setSysctl);
        outside.setUp(hostSide);
        inside.setUp(podSide);
        for (IpAddress address : plan.addresses()) {
          connect(address, inside, podSide, outside, hostSide);
          if (plan.routed()) {
            // Not of protocol 80: the route controller removes those of pods without an address. Of
            // its metric, or BGP would tell of each pod as of one that is preferred here.
            outside.replaceRoute(
                Route.to(prefix(address))
                    .withDevice(hostSide)
                    .withMetric(RouteSettings.NORMAL_METRIC));
          }
        }
        settle(() -> outside.link(plan.hostName()).orElseThrow().running(), plan.hostName());
        settle(() -> inside.link(plan.podName()).orElseThrow().running(), plan.podName());
        for (IpAddress address : plan.addresses()) {
          settle(() -> isInUse(inside, address), address);
        }
        MacAddress mac = inside.link(plan.podName()).map(Link::mac).orElseThrow();
        return new Attachment(
            plan.hostName(), plan.podName(), mac, plan.sandbox(), plan.mtu(), plan.addresses());
      } catch (RuntimeException e) {
        outside.deleteLink(hostSide);
        throw e;
      }
    }
  }

  /** Both ends go, so an attempt that was interrupted leaves nothing in the pod either. */
  private static void removeLeftover(RouteSocket outside, String name) {
    Optional<Link> left = outside.link(name);
    if (left.isPresent() && !left.get().kind().equals(VETH)) {
      throw new CniException(
          Code.INTERNAL, "interface " + name + " exists and is none of ours: " + left.get().kind());
    }
    left.ifPresent(link -> outside.deleteLink(link.index()));
  }

  private static void requireFree(RouteSocket inside, String name) {
    if (inside.link(name).isPresent()) {
      throw new CniException(
          Code.INVALID_ENVIRONMENT, "CNI_IFNAME: the pod has an interface " + name + " already");
    }
  }

  private static void connect(
      IpAddress address, RouteSocket inside, int podSide, RouteSocket outside, int hostSide) {
    IpPrefix single = prefix(address);
    InetAddress gateway = InetAddress.ofLiteral(gateway(address.family()));
    switch (address.family()) {
      case IPV4 -> {
        inside.addRoute(Route.to(IpPrefix.single(gateway)).withDevice(podSide));
        // The node would answer for it only where it has a route to it, such as a default route.
        inside.setNeighbour(new Neighbour.Permanent(podSide, gateway, HOST_MAC));
      }
      case IPV6 -> addIfMissing(outside, hostSide, new IpPrefix(gateway, 64));
    }
    inside.addAddress(podSide, single);
    inside.addRoute(
        Route.to(IpPrefix.parse(Attachment.everything(address.family())))
            .withVia(gateway)
            .withDevice(podSide));
  }

  /** The kernel has made it already, unless it was told not to make any. */
  private static void addIfMissing(RouteSocket routes, int device, IpPrefix address) {
    try {
      routes.addAddress(device, address);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  /** Waits for what the kernel does a little later, on another thread. */
  private static void settle(BooleanSupplier settled, Object what) {
    for (int i = 0; i < SETTLING_TRIES; i++) {
      if (settled.getAsBoolean()) {
        return;
      }
      LockSupport.parkNanos(SETTLING_PAUSE.toNanos());
    }
    throw new CniException(Code.INTERNAL, "the kernel did not put this to use: " + what);
  }

  /** The kernel keeps a route in the local table for each address that an interface uses. */
  private static boolean isInUse(RouteSocket inside, IpAddress address) {
    return hasRoute(inside, LOCAL_TABLE, prefix(address), 0);
  }

  private static IpPrefix prefix(IpAddress address) {
    return IpPrefix.parse(address.toCidr().toString());
  }

  /** Kernel settings of the host's side, in the order of their keys. */
  static Map<String, String> hostSettings(String name, List<IpFamily> families) {
    Map<String, String> settings = new TreeMap<>();
    if (families.contains(IpFamily.IPV4)) {
      settings.put("net/ipv4/conf/" + name + "/route_localnet", "1");
      settings.put("net/ipv4/neigh/" + name + "/proxy_delay", "0");
      settings.put("net/ipv4/conf/" + name + "/proxy_arp", "1");
      settings.put("net/ipv4/conf/" + name + "/forwarding", "1");
    }
    if (families.contains(IpFamily.IPV6)) {
      settings.put("net/ipv6/conf/" + name + "/disable_ipv6", "0");
      settings.put("net/ipv6/conf/" + name + "/accept_dad", "0");
      settings.put("net/ipv6/conf/" + name + "/proxy_ndp", "1");
      settings.put("net/ipv6/conf/" + name + "/forwarding", "1");
      settings.put("net/ipv6/conf/" + name + "/accept_ra", "0");
    }
    return settings;
  }

  /** Kernel settings inside the pod. */
  static Map<String, String> podSettings(String name, List<IpFamily> families) {
    return families.contains(IpFamily.IPV6)
        ? Map.of(
            "net/ipv6/conf/" + name + "/accept_dad", "0",
            "net/ipv6/conf/" + name + "/disable_ipv6", "0")
        : Map.of();
  }

  /**
   * Takes the pod's side away, and with it the host's. Found by the pod's namespace and never by
   * the host's name: a late call for an old container must not cut off the new one.
   */
  void disconnect(String sandbox, String podName) {
    if (sandbox.isEmpty()) {
      return;
    }
    try (NetworkNamespace pod = NetworkNamespace.open(Path.of(sandbox));
        RouteSocket inside = RouteSocket.open(pod)) {
      inside
          .link(podName)
          .filter(link -> link.kind().equals(VETH))
          .ifPresent(link -> inside.deleteLink(link.index()));
    } catch (KernelException e) {
      // The namespace has gone, and with it the interface; a path without mount is no namespace.
      if (!e.is(Errno.ENOENT) && !e.is(Errno.EINVAL)) {
        throw e;
      }
    }
  }

  /** Lets the node forget the connections of addresses that nobody has any more. */
  void forgetConnections(List<IpAddress> addresses) {
    if (addresses.isEmpty()) {
      return;
    }
    try (Conntrack conntrack = Conntrack.open(host)) {
      for (IpAddress address : addresses) {
        conntrack.forget(prefix(address).address());
      }
    }
  }

  /** What is missing of an attachment; empty if nothing. */
  List<String> missing(Plan plan) {
    List<String> missing = new ArrayList<>();
    try (NetworkNamespace pod = NetworkNamespace.open(Path.of(plan.sandbox()));
        RouteSocket outside = RouteSocket.open(host);
        RouteSocket inside = RouteSocket.open(pod)) {
      Optional<Link> hostSide = outside.link(plan.hostName()).filter(Link::up);
      Optional<Link> podSide = inside.link(plan.podName()).filter(Link::up);
      if (hostSide.isEmpty()) {
        missing.add("interface " + plan.hostName() + " on the node is missing or down");
      }
      if (podSide.isEmpty()) {
        missing.add("interface " + plan.podName() + " in the pod is missing or down");
      }
      for (IpAddress address : plan.addresses()) {
        IpPrefix single = prefix(address);
        hostSide.ifPresent(link -> {
          if (plan.routed() && !hasRoute(outside, Route.MAIN_TABLE, single, link.index())) {
            missing.add("the node has no route to " + address + " by " + plan.hostName());
          }
        });
        podSide.ifPresent(link -> {
          IpPrefix all = IpPrefix.parse(Attachment.everything(address.family()));
          if (!hasRoute(inside, Route.MAIN_TABLE, all, link.index())) {
            missing.add("the pod has no IPv" + address.family().version() + " default route");
          }
          if (!isInUse(inside, address)) {
            missing.add("the pod does not have address " + address);
          }
        });
      }
    }
    missing.sort(Comparator.naturalOrder());
    return missing;
  }

  /**
   * @param device 0 for any
   */
  private static boolean hasRoute(RouteSocket routes, int table, IpPrefix to, int device) {
    return routes.routes(table).stream()
        .anyMatch(
            route -> route.destination().equals(to) && (device == 0 || route.device() == device));
  }
}
