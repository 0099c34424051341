package io.margay.network.route;

import io.margay.kernel.route.MacAddress;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.IpPool.Encapsulation;
import io.margay.model.resource.Pod;
import io.margay.network.route.NodePlace.Reach;
import io.margay.network.route.RoutePlan.FarEnd;
import io.margay.network.route.RoutePlan.Tunnel;
import io.margay.network.route.RoutePlan.Way;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Computes a node's routes from the cluster. Pure: the same cluster gives the same plan, whatever
 * was before. What cannot be routed for sure is not routed, and the plan says so.
 */
public final class RoutePlanner {
  private final RouteSettings settings;
  private final ClusterView cluster;
  private final SortedMap<Cidr, Way> routes = new TreeMap<>();
  private final Map<IpFamily, Tunnel> tunnels = new EnumMap<>(IpFamily.class);
  private boolean lacksTunnel;

  /** Sorted and without repetitions: many blocks may have one reason. */
  private final SortedSet<String> problems = new TreeSet<>();

  private RoutePlanner(RouteSettings settings, ClusterView cluster) {
    this.settings = settings;
    this.cluster = cluster;
  }

  public static RoutePlan plan(RouteSettings settings, ClusterView cluster) {
    RoutePlanner planner = new RoutePlanner(settings, cluster);
    for (IpFamily family : IpFamily.values()) {
      planner.planTunnel(family);
    }
    cluster.blocks().forEach(planner::planBlock);
    // Last, for a pod that is here is here, whatever its block says of it. Not so machines: two
    // pods can have their addresses, and only the block knows who has the machine.
    SortedMap<IpAddress, MachinePlace> machines = cluster.machines();
    cluster
        .pods()
        .forEach((pod, link) -> {
          if (!machines.containsKey(pod)) {
            planner.routes.put(pod.toCidr(), new Way.ToPod(link, false));
          }
        });
    machines.forEach(planner::planMachine);
    return new RoutePlan(
        planner.addresses(),
        planner.routes,
        machines.keySet(),
        planner.tunnels,
        planner.nat(),
        planner.lacksTunnel,
        planner.problems.stream().toList());
  }

  private @Nullable Reach here(IpFamily family) {
    return reach(settings.node(), family);
  }

  private @Nullable Reach reach(String node, IpFamily family) {
    NodePlace place = cluster.nodes().get(node);
    return place == null ? null : place.reach(family);
  }

  private Map<IpFamily, IpAddress> addresses() {
    Map<IpFamily, IpAddress> addresses = new EnumMap<>(IpFamily.class);
    for (IpFamily family : IpFamily.values()) {
      Reach here = here(family);
      if (here != null) {
        addresses.put(family, here.address());
      }
    }
    return addresses;
  }

  private void planTunnel(IpFamily family) {
    boolean wanted =
        cluster.pools().stream()
            .anyMatch(pool -> ofFamily(pool, family) && uses(pool.spec().travel().vxlan()));
    Reach here = here(family);
    if (!wanted || here == null) {
      return;
    }
    if (here.tunnel() == null) {
      lacksTunnel = true;
      problems.add(withoutTunnel(settings.node(), family));
      return;
    }
    SortedMap<IpAddress, FarEnd> farEnds = new TreeMap<>();
    Set<MacAddress> macs = new HashSet<>(Set.of(here.mac()));
    for (NodePlace place : cluster.nodes().values()) {
      Reach there = place.reach(family);
      if (there == null || there.tunnel() == null || place.name().equals(settings.node())) {
        continue;
      }
      if (there.tunnel().equals(here.tunnel()) || farEnds.containsKey(there.tunnel())) {
        problems.add("Node " + place.name() + ": another node has its tunnel address too");
      } else if (!macs.add(there.mac())) {
        problems.add("Node " + place.name() + ": another node has its tunnel's MAC address too");
      } else {
        farEnds.put(there.tunnel(), new FarEnd(there.mac(), there.address()));
      }
    }
    tunnels.put(family, new Tunnel(here.address(), here.tunnel(), here.mac(), farEnds));
  }

  private static boolean ofFamily(IpPool pool, IpFamily family) {
    return pool.spec().cidr() != null && pool.spec().cidr().family() == family;
  }

  private static boolean uses(@Nullable Encapsulation encapsulation) {
    return encapsulation != null && encapsulation != Encapsulation.NEVER;
  }

  private void planBlock(BlockPlace block) {
    if (settings.node().equals(block.node())) {
      // A block of one address is its pod's: swallowing it would cut the pod off.
      if (!block.cidr().isSingle()) {
        routes.put(block.cidr(), new Way.Nowhere());
      }
    } else if (block.node() != null) {
      planRemote(block.cidr(), block.node(), block);
    }
    block
        .guests()
        .forEach((address, node) -> {
          if (!node.equals(settings.node())) {
            planRemote(address.toCidr(), node, block);
          }
        });
  }

  /** Elsewhere than here the machine's block, or what it says of its guests, leads there. */
  private void planMachine(IpAddress address, MachinePlace machine) {
    for (MachinePlace.At at : machine.newestFirst()) {
      if (at.node().equals(settings.node())) {
        RoutePriority priority = cluster.priority(at.pod());
        // Who has just taken over need not wait until the block says so.
        boolean routed = at == machine.active() && priority != RoutePriority.NONE;
        boolean elevated = priority == RoutePriority.ELEVATED;
        if (routed || elevated) {
          String link = Pod.hostInterface(at.pod().namespace(), at.pod().name());
          routes.put(address.toCidr(), new Way.ToPod(link, elevated));
          return;
        }
      }
    }
  }

  private void planRemote(Cidr destination, String node, BlockPlace block) {
    IpPool pool = cluster.poolOf(block.cidr());
    if (pool == null) {
      problems.add("block " + block.cidr() + " is of no pool: it is not routed");
      return;
    }
    Reach here = here(destination.family());
    Reach there = reach(node, destination.family());
    if (here == null || there == null) {
      String unknown = here == null ? settings.node() : node;
      problems.add(
          "Node " + unknown + " has no " + label(destination.family()) + " address: not routed");
      return;
    }
    way(pool, here, there, node).ifPresent(way -> routes.put(destination, way));
  }

  /** How packets get from one node to another; empty when this is not ours to route. */
  private Optional<Way> way(IpPool pool, Reach here, Reach there, String node) {
    IpPool.Travel travel = pool.spec().travel();
    if (travel.vxlan() == null || travel.ipip() == null) {
      problems.add(pool.key() + ": its encapsulation cannot be read: not routed");
      return Optional.empty();
    }
    if (travel.ipip() != Encapsulation.NEVER) {
      problems.add(pool.key() + ": ipipMode is not supported: not routed; use vxlanMode");
      return Optional.empty();
    }
    return switch (travel.vxlan()) {
      case NEVER -> settings.plainRoutes() ? plain(here, there) : Optional.empty();
      case ALWAYS -> tunnelled(there, node);
      case CROSS_SUBNET -> plain(here, there).or(() -> tunnelled(there, node));
    };
  }

  private static Optional<Way> plain(Reach here, Reach there) {
    return here.sharesSubnet(there)
        ? Optional.of(new Way.Plain(there.address()))
        : Optional.empty();
  }

  /** By the tunnel, if both ends are known. */
  private Optional<Way> tunnelled(Reach there, String node) {
    Tunnel tunnel = tunnels.get(there.address().family());
    IpAddress farEnd = there.tunnel();
    if (farEnd == null) {
      problems.add(withoutTunnel(node, there.address().family()));
      return Optional.empty();
    }
    FarEnd known = tunnel == null ? null : tunnel.farEnds().get(farEnd);
    // Known by another node's name: its tunnel address is taken, which is told already.
    return known != null && known.node().equals(there.address())
        ? Optional.of(new Way.Tunnelled(farEnd))
        : Optional.empty();
  }

  private static String withoutTunnel(String node, IpFamily family) {
    return "Node "
        + node
        + " has no annotation "
        + NodePlace.tunnelAnnotation(family)
        + " yet: not reached by VXLAN";
  }

  private static String label(IpFamily family) {
    return switch (family) {
      case IPV4 -> "IPv4";
      case IPV6 -> "IPv6";
    };
  }

  private RoutePlan.Nat nat() {
    SortedSet<Cidr> sources = new TreeSet<>();
    SortedSet<Cidr> inside = new TreeSet<>();
    for (IpPool pool : cluster.pools()) {
      Cidr cidr = pool.spec().cidr();
      // Services' addresses are outside: a pod reaches them as any other destination.
      boolean onlyServices = pool.spec().allowedUses().equals(Set.of(IpPool.Use.LOAD_BALANCER));
      if (cidr != null && !onlyServices) {
        inside.add(cidr);
        if (pool.spec().travel().natOutgoing()) {
          sources.add(cidr);
        }
      }
    }
    return new RoutePlan.Nat(widest(sources), widest(inside));
  }

  /** Without those that another one covers: interval sets refuse overlaps. */
  private static SortedSet<Cidr> widest(SortedSet<Cidr> all) {
    SortedSet<Cidr> kept = new TreeSet<>();
    // A covering prefix comes before what it covers.
    for (Cidr cidr : all) {
      if (kept.isEmpty() || !kept.last().contains(cidr)) {
        kept.add(cidr);
      }
    }
    return kept;
  }
}
