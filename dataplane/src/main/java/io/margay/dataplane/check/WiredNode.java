package io.margay.dataplane.check;

import io.margay.dataplane.InterfaceTable;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.dataplane.nftables.NftablesConfig.WorkloadToHost;
import io.margay.dataplane.nftables.NftablesDataplane;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.RawSocket;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.Neighbour;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.policy.table.TableDelta;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node in a namespace of its own, laid out as Calico does it: a veth and a host route for each
 * pod, forwarding, an uplink to the other nodes. It serves one vector after the other; interfaces
 * stay, because making and deleting them takes longer than everything else.
 */
final class WiredNode implements AutoCloseable {
  /** The node's side of every pod's cable has this, as with Calico. */
  static final MacAddress POD_SIDE = MacAddress.parse("ee:ee:ee:ee:ee:ee");

  private static final NftablesConfig.Log LOG_ALL = new NftablesConfig.Log(5150, 100_000, 50_000);
  private static final InetAddress GATEWAY_V4 = InetAddress.ofLiteral("169.254.1.1");
  private static final InetAddress GATEWAY_V6 = InetAddress.ofLiteral("fe80::1");

  private final Wires wires;
  private final NetworkNamespace namespace = NetworkNamespace.create();
  private final RouteSocket routes = RouteSocket.open(namespace);
  private final RawSocket sender = RawSocket.open(namespace);
  private final Conntrack conntrack = Conntrack.open(namespace);
  private final MacAddress mac;
  private final String uplinkName;
  private final int uplink;
  private final Map<String, PodSide> pods = new HashMap<>();
  private final Map<IpAddress, Neighbour.Permanent> reachable = new HashMap<>();
  private final Set<IpAddress> own = new HashSet<>();
  private @Nullable NftablesDataplane dataplane;

  private record PodSide(int device, Wires.Cable cable) {}

  WiredNode(Wires wires, String uplinkName, int number) {
    this.wires = wires;
    this.uplinkName = uplinkName;
    this.mac = new MacAddress(0x0201_0000_0000L + number);
    namespace.setSysctl("net/ipv4/ip_forward", "1");
    namespace.setSysctl("net/ipv6/conf/all/forwarding", "1");
    for (String scope : List.of("all", "default")) {
      namespace.setSysctl("net/ipv4/conf/" + scope + "/rp_filter", "0");
      namespace.setSysctl("net/ipv4/conf/" + scope + "/accept_local", "1");
      namespace.setSysctl("net/ipv6/conf/" + scope + "/accept_dad", "0");
    }
    // Answers of the node's own stack are how a delivered packet is noticed.
    namespace.setSysctl("net/ipv4/icmp_ratelimit", "0");
    namespace.setSysctl("net/ipv6/icmp/ratelimit", "0");
    routes.setUp(routes.index("lo"));
    wires.uplink(routes, uplinkName);
    this.uplink = routes.index(uplinkName);
    routes.setMac(uplink, mac);
    routes.setUp(uplink);
    // With its last address an interface would lose its routes.
    routes.addAddress(uplink, IpPrefix.parse("169.254.1.2/32"));
    leaveBy(GATEWAY_V4, IpPrefix.allIpv4());
    leaveBy(GATEWAY_V6, IpPrefix.allIpv6());
  }

  private void leaveBy(InetAddress gateway, IpPrefix everything) {
    routes.setNeighbour(new Neighbour.Permanent(uplink, gateway, Wires.OUTSIDE));
    routes.addRoute(Route.to(everything).withVia(gateway).withDevice(uplink).withOnLink());
  }

  String uplinkName() {
    return uplinkName;
  }

  MacAddress mac() {
    return mac;
  }

  /** Lets go of the last vector's policies; its table stays until the next one's is applied. */
  void restart(String name, Consumer<FlowEvent> sink) {
    if (dataplane != null) {
      dataplane.close();
    }
    dataplane =
        new NftablesDataplane(
            namespace,
            NftablesConfig.defaults(name)
                .withWorkloadToHost(WorkloadToHost.ACCEPT)
                .withLog(LOG_ALL),
            sink);
  }

  void apply(TableDelta delta) {
    NftablesDataplane current = Objects.requireNonNull(dataplane, "restart() comes first");
    current.updateInterfaces(new InterfaceTable(Map.of(uplinkName, Set.copyOf(own))));
    current.apply(delta);
  }

  /** Gives the node these addresses and no others. */
  void addresses(Set<IpAddress> wanted) {
    for (IpAddress address : Set.copyOf(own)) {
      if (!wanted.contains(address)) {
        routes.deleteAddress(uplink, prefix(address));
        own.remove(address);
      }
    }
    for (IpAddress address : wanted) {
      if (own.add(address)) {
        unreach(address);
        routes.addAddress(uplink, prefix(address));
      }
    }
  }

  /** Makes a pod's interface if there is none, and says where its end is. */
  Wires.Cable pod(String interfaceName) {
    return side(interfaceName).cable;
  }

  private PodSide side(String interfaceName) {
    return pods.computeIfAbsent(
        interfaceName,
        name -> {
          Wires.Cable cable = wires.cable(routes, name);
          int device = routes.index(name);
          routes.setMac(device, POD_SIDE);
          routes.setUp(device);
          return new PodSide(device, cable);
        });
  }

  void reachPod(IpAddress address, String interfaceName) {
    PodSide side = side(interfaceName);
    reach(address, new Neighbour.Permanent(side.device, Frames.inet(address), side.cable.mac()));
  }

  void reachThrough(IpAddress address, WiredNode other) {
    reach(address, new Neighbour.Permanent(uplink, Frames.inet(address), other.mac));
  }

  private void reach(IpAddress address, Neighbour.Permanent neighbour) {
    if (!neighbour.equals(reachable.put(address, neighbour))) {
      routes.setNeighbour(neighbour);
      routes.replaceRoute(Route.to(prefix(address)).withDevice(neighbour.device()));
    }
  }

  /** Forgets all routes but these. */
  void reachOnly(Set<IpAddress> wanted) {
    for (IpAddress address : Set.copyOf(reachable.keySet())) {
      if (!wanted.contains(address)) {
        unreach(address);
      }
    }
  }

  private void unreach(IpAddress address) {
    Neighbour.Permanent neighbour = reachable.remove(address);
    if (neighbour != null) {
      routes.deleteRoute(Route.to(prefix(address)).withDevice(neighbour.device()));
    }
  }

  /** Sends a packet as a process of the node would. */
  void send(byte[] packet) {
    sender.send(packet);
  }

  /** Forgets all connections, so that the next packet of each is a first one again. */
  void forgetConnections() {
    conntrack.connections().forEach(connection -> conntrack.delete(connection.original()));
  }

  private static IpPrefix prefix(IpAddress address) {
    return IpPrefix.single(Frames.inet(address));
  }

  @Override
  public void close() {
    if (dataplane != null) {
      dataplane.close();
    }
    conntrack.close();
    sender.close();
    routes.close();
    namespace.close();
  }
}
