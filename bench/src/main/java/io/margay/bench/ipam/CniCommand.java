package io.margay.bench.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.TableObserver;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.network.cni.CniCall;
import io.margay.network.cni.CniPlugin;
import io.margay.store.local.MemoryStore;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench cni}: pods attached and detached one after another. Needs root. */
@Command(
    name = "cni",
    description = "Pods attached and detached one after another, in the node process. Needs root.",
    mixinStandardHelpOptions = true)
public final class CniCommand extends BenchCommand {
  private static final int WARM_UP = 20;

  private static final String WORLD =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.0.0.0/16}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: bench}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: node}
      """;

  private static final String CONFIG =
      "{\"cniVersion\": \"1.1.0\", \"name\": \"bench\", \"type\": \"margay\"}";

  @Option(
      names = "--pods",
      defaultValue = "500",
      description = "How many; default: ${DEFAULT-VALUE}.")
  private int pods = 500;

  @Override
  public Integer call() {
    if (pods < 1 || pods > 10_000) {
      throw new CommandFailure("write --pods from 1 to 10000");
    }
    NetworkNamespace.whyUnavailable()
        .ifPresent(reason -> {
          throw new CommandFailure(reason);
        });
    try (MemoryStore store = new MemoryStore();
        NetworkNamespace host = NetworkNamespace.create();
        RouteSocket routes = RouteSocket.open(host);
        NodeProcess node =
            NodeProcess.nftables(
                NftablesConfig.defaults("node"), host, event -> {}, TableObserver.NOBODY)) {
      Manifests.read("world", WORLD).objects().forEach(store::create);
      node.start(store);
      CniPlugin plugin =
          new CniPlugin("node", store, host, InstantSource.system(), node.policyGate());
      for (int i = 0; i < WARM_UP; i++) {
        attachAndDetach(plugin, store, "warm-" + i);
      }
      long[] adds = new long[pods];
      for (int i = 0; i < pods; i++) {
        adds[i] = attachAndDetach(plugin, store, "pod-" + i);
      }
      Arrays.sort(adds);
      print(
          JsonLine.of("cni", "add")
              .number("pods", pods)
              .number("medianMillis", adds[pods / 2] / 1e6)
              .number("p99Millis", adds[pods * 99 / 100] / 1e6)
              .number("bar", 100)
              .number("interfacesLeft", cables(routes))
              .number("routesLeft", routes.routes(Route.MAIN_TABLE).size())
              .number("handlesLeft", store.list(Kind.IPAM_HANDLE, "").items().size()));
    }
    return 0;
  }

  private static long cables(RouteSocket routes) {
    return routes.links().stream().map(Link::name).filter(n -> n.startsWith("cali")).count();
  }

  /** What a runtime does for one pod; answers how long its ADD took, in nanoseconds. */
  private static long attachAndDetach(CniPlugin plugin, MemoryStore store, String name) {
    String pod =
        "{apiVersion: v1, kind: Pod, metadata: {namespace: bench, name: "
            + name
            + "}, spec: {nodeName: node, containers: [{name: a, image: b}]}}";
    Manifests.read("pod", pod).objects().forEach(store::create);
    try (NetworkNamespace sandbox = NetworkNamespace.create()) {
      long began = System.nanoTime();
      plugin.call(call("ADD", name, sandbox));
      long took = System.nanoTime() - began;
      plugin.call(call("DEL", name, sandbox));
      return took;
    }
  }

  private static CniCall call(String command, String name, NetworkNamespace sandbox) {
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_CONTAINERID",
            name,
            "CNI_NETNS",
            sandbox.path().toString(),
            "CNI_IFNAME",
            "eth0",
            "CNI_ARGS",
            "K8S_POD_NAMESPACE=bench;K8S_POD_NAME=" + name);
    return CniCall.read(environment, CONFIG);
  }
}
