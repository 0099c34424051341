package io.margay.network.route;

import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.NftException;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.network.route.RoutePlan.Tunnel;
import io.margay.network.route.RoutePlan.Way;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a namespace's kernel hold a plan. It reads back what is there each time and makes the
 * difference, so it may be called as often as one likes and does not care who changed what.
 *
 * <p>Order: interfaces, where their far ends are, routes; what a route needs is there before it.
 */
final class RouteProgrammer implements AutoCloseable {
  private final NetworkNamespace namespace;
  private final RouteSettings settings;
  private final RouteSocket socket;
  private final Nftables nftables;
  private final OutgoingNat nat;
  private final RouteTable table;

  /** Addresses of pods that had a route when it was looked last, or of machines that had one. */
  private Set<IpAddress> pods = new HashSet<>();

  RouteProgrammer(NetworkNamespace namespace, RouteSettings settings) {
    this.namespace = namespace;
    this.settings = settings;
    this.nftables = Nftables.open(namespace);
    this.nat = new OutgoingNat(nftables);
    this.socket = RouteSocket.open(namespace);
    this.table = new RouteTable(socket);
  }

  /**
   * What came of it.
   *
   * @param routes how many routes there are now
   * @param waiting pods whose interfaces are not there or not switched on yet
   * @param failures what the kernel refused, to be tried again
   */
  record Outcome(int routes, int waiting, List<String> failures) {
    Outcome {
      failures = List.copyOf(failures);
    }
  }

  /** What the kernel has now, as routes need it. */
  private record Devices(
      Map<String, Link> byName, Map<InetAddress, Integer> own, Map<IpFamily, Integer> tunnels) {
    boolean isOurs(int index) {
      return tunnels.containsValue(index)
          || byName.values().stream()
              .anyMatch(link -> link.index() == index && link.name().startsWith("cali"));
    }
  }

  /**
   * Makes the difference.
   *
   * @param again whether to write again what cannot be read back
   */
  Outcome apply(RoutePlan plan, boolean again) {
    List<String> failures = new ArrayList<>();
    plan.addresses().keySet().forEach(family -> attempt(() -> forward(family), failures));
    Map<IpFamily, Integer> tunnels = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      attempt(() -> tunnel(family, plan.tunnels().get(family), tunnels), failures);
    }
    Map<String, Link> byName = new HashMap<>();
    socket.links().forEach(link -> byName.put(link.name(), link));
    Devices devices = new Devices(byName, KernelAddresses.own(socket), tunnels);
    List<Route> routes = new ArrayList<>();
    int waiting = 0;
    for (Map.Entry<Cidr, Way> entry : plan.routes().entrySet()) {
      Optional<Route> route = route(entry.getKey(), entry.getValue(), plan, devices);
      route.ifPresent(routes::add);
      waiting += route.isEmpty() ? 1 : 0;
    }
    table.apply(routes, devices::isOurs, failures::add);
    attempt(() -> forgetConnections(plan), failures);
    attempt(() -> nat.apply(plan.nat(), again), failures);
    return new Outcome(routes.size(), waiting, failures);
  }

  /**
   * After their routes: whoever gets the addresses of pods that are gone must not inherit them. A
   * machine that has left takes its address along, and pods here go on to talk to it.
   */
  private void forgetConnections(RoutePlan plan) {
    Set<IpAddress> now = new HashSet<>();
    plan.routes()
        .forEach((to, way) -> {
          if (way instanceof Way.ToPod) {
            now.add(to.address());
          }
        });
    pods.stream().filter(plan.machines()::contains).forEach(now::add);
    pods.removeAll(now);
    if (!pods.isEmpty()) {
      try (Conntrack conntrack = Conntrack.open(namespace)) {
        pods.forEach(address -> conntrack.forget(KernelAddresses.of(address)));
      }
    }
    pods = now;
  }

  /** The cluster with this node's subnets, where the Node object does not name them. */
  ClusterView completed(ClusterView cluster) {
    NodePlace here = cluster.nodes().get(settings.node());
    ClusterView view = cluster;
    if (here != null) {
      for (NodePlace.Reach reach : here.reaches().values()) {
        if (reach.subnet() == null) {
          Optional<Cidr> subnet = KernelAddresses.subnet(socket, reach.address());
          view = subnet.isPresent() ? view.withSubnet(here.name(), subnet.get()) : view;
        }
      }
    }
    return view;
  }

  private void forward(IpFamily family) {
    String key =
        switch (family) {
          case IPV4 -> "net/ipv4/ip_forward";
          case IPV6 -> "net/ipv6/conf/all/forwarding";
        };
    if (!namespace.sysctl(key).equals("1")) {
      namespace.setSysctl(key, "1");
    }
  }

  private void tunnel(IpFamily family, @Nullable Tunnel wanted, Map<IpFamily, Integer> indexes) {
    TunnelDevice device = new TunnelDevice(socket, settings, family);
    if (wanted == null) {
      device.remove();
      return;
    }
    int index = device.ensure(wanted);
    indexes.put(family, index);
    device.connect(index, wanted);
  }

  /** Empty while there is no interface that it could lead to. */
  private Optional<Route> route(Cidr destination, Way way, RoutePlan plan, Devices devices) {
    Route base = Route.to(KernelAddresses.of(destination));
    Optional<Route> route =
        switch (way) {
          case Way.ToPod(String name, boolean _) ->
              Optional.ofNullable(devices.byName().get(name))
                  .filter(Link::up)
                  .map(link -> base.withDevice(link.index()));
          case Way.Tunnelled(IpAddress farEnd) ->
              Optional.ofNullable(devices.tunnels().get(destination.family()))
                  .map(index ->
                      base.withVia(KernelAddresses.of(farEnd)).withDevice(index).withOnLink());
          case Way.Plain(IpAddress node) ->
              Optional.ofNullable(plan.addresses().get(destination.family()))
                  .map(own -> devices.own().get(KernelAddresses.of(own)))
                  .map(index -> base.withVia(KernelAddresses.of(node)).withDevice(index));
          case Way.Nowhere() -> Optional.of(Route.blackhole(base.destination()));
        };
    boolean elevated = way instanceof Way.ToPod pod && pod.elevated();
    int metric = elevated ? settings.elevatedMetric() : settings.metric();
    return route.map(r -> r.withMetric(metric).withProtocol(RouteTable.PROTOCOL));
  }

  /** One part that fails does not hold up the others; what depends on it waits. */
  private static void attempt(Runnable change, List<String> failures) {
    try {
      change.run();
    } catch (KernelException | NftException | IllegalStateException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    socket.close();
    nftables.close();
  }
}
