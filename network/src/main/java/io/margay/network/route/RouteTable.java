package io.margay.network.route;

import io.margay.kernel.KernelException;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * The routes of protocol 80 in the main table: read back, compared, and only the difference is
 * made. Routes of others are left alone, except on interfaces that are ours.
 */
final class RouteTable {
  /** By which we know our routes; Calico's, so do not run its node process beside ours. */
  static final int PROTOCOL = 80;

  private final RouteSocket socket;

  RouteTable(RouteSocket socket) {
    this.socket = socket;
  }

  /** The kernel keeps one route for each of these. */
  private record Key(IpPrefix destination, int metric) {
    static Key of(Route route) {
      return new Key(route.destination(), route.metric());
    }
  }

  /**
   * Makes these the only routes of protocol 80. One that the kernel refuses does not hold up the
   * others.
   *
   * @param ourDevices interfaces where a route of somebody else gives way to ours
   * @param failures receives what was refused
   */
  void apply(Collection<Route> wanted, IntPredicate ourDevices, Consumer<String> failures) {
    Set<Route> stale = new HashSet<>();
    Map<Key, Route> foreign = new HashMap<>();
    for (Route route : socket.routes(Route.MAIN_TABLE)) {
      if (route.protocol() == PROTOCOL) {
        stale.add(route);
      } else {
        foreign.put(Key.of(route), route);
      }
    }
    List<Route> missing = wanted.stream().filter(route -> !stale.remove(route)).toList();
    Set<Key> replaced = new HashSet<>();
    for (Route route : missing) {
      Route other = foreign.get(Key.of(route));
      if (other != null && !ourDevices.test(other.device())) {
        failures.accept(route.destination() + " has a route of another program: " + other);
      } else if (attempt(() -> socket.replaceRoute(route), failures)) {
        replaced.add(Key.of(route));
      }
    }
    for (Route route : stale) {
      if (!replaced.contains(Key.of(route))) {
        attempt(() -> socket.deleteRoute(route), failures);
      }
    }
  }

  private static boolean attempt(Runnable change, Consumer<String> failures) {
    try {
      change.run();
      return true;
    } catch (KernelException e) {
      failures.accept(String.valueOf(e.getMessage()));
      return false;
    }
  }
}
