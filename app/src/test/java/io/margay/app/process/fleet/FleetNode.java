package io.margay.app.process.fleet;

import io.margay.app.process.NodeProcess;
import io.margay.app.process.Running;
import io.margay.app.process.TableObserver;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.network.bgp.BgpController;
import io.margay.network.bgp.BgpPasswords;
import io.margay.network.cni.CniPlugin;
import io.margay.network.cni.CniServer;
import io.margay.network.route.RouteController;
import io.margay.network.route.RouteSettings;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A machine of the fleet: it can lose its process, and start another one. */
final class FleetNode implements AutoCloseable {
  private static final int OURS = 80;
  private static final int BIRD = 12;

  final String name;
  final String address;
  private final NetworkNamespace machine;
  private final Path folder;
  private final boolean bgp;
  private Running process = new Running();

  FleetNode(String name, String address, NetworkNamespace machine, Path folder, boolean bgp) {
    this.name = name;
    this.address = address;
    this.machine = machine;
    this.folder = folder;
    this.bgp = bgp;
  }

  Path cniSocket() {
    return folder.resolve("cni.sock");
  }

  /** As {@code margay node --routes --cni-socket} does, with {@code --bgp} where it is said. */
  void start(MemoryStore store) {
    process = new Running();
    NodeProcess node =
        process.add(
            NodeProcess.nftables(
                NftablesConfig.defaults(name), machine, event -> {}, TableObserver.NOBODY));
    RouteSettings settings = RouteSettings.defaults(name);
    node.keepRoutes(new RouteController(machine, bgp ? settings.withBgp() : settings));
    if (bgp) {
      Path program = BgpController.program().orElseThrow();
      Path files = folder.resolve("bgp");
      node.speakBgp(new BgpController(machine, name, program, files, BgpPasswords.none()));
    }
    node.start(store);
    try {
      Files.createDirectories(folder);
      CniPlugin plugin =
          new CniPlugin(name, store, machine, InstantSource.system(), node.policyGate());
      process.add(CniServer.start(plugin, cniSocket()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process; the machine and all that is programmed stay. */
  void kill() {
    process.close();
  }

  /** The routes of the node's process and of BIRD, as {@link RouteModel} writes them. */
  SortedSet<String> routes() {
    try (RouteSocket socket = RouteSocket.open(machine)) {
      Map<Integer, String> names =
          socket.links().stream()
              .collect(Collectors.toMap(link -> link.index(), link -> link.name()));
      SortedSet<String> lines = new TreeSet<>();
      for (Route route : socket.routes(Route.MAIN_TABLE)) {
        if (route.protocol() == OURS || route.protocol() == BIRD) {
          lines.add(line(route, names));
        }
      }
      return lines;
    }
  }

  private static String line(Route route, Map<Integer, String> names) {
    String to = route.destination().address().getHostAddress() + "/" + route.destination().length();
    if (route.type() == Route.Type.BLACKHOLE) {
      return RouteModel.nowhere(to);
    }
    String device = names.getOrDefault(route.device(), "?");
    return route.via() == null
        ? RouteModel.direct(to, device)
        : RouteModel.via(to, route.via().getHostAddress(), device);
  }

  @Override
  public void close() {
    process.close();
    machine.close();
  }
}
