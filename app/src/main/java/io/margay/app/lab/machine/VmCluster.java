package io.margay.app.lab.machine;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.lab.cluster.NodeFabric;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.NodeRoutes;
import io.margay.app.process.Running;
import io.margay.app.process.TableObserver;
import io.margay.app.state.StateFolder;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.flows.collect.FlowSink;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.MacAddress;
import io.margay.model.manifest.Manifests;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.network.bgp.BgpPasswords;
import io.margay.network.cni.CniPlugin;
import io.margay.network.cni.CniServer;
import io.margay.policy.table.TableDelta;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Nodes as {@code margay node --routes --cni-socket} runs them, each in a namespace of its own, and
 * pods that a container runtime attaches there.
 */
final class VmCluster implements AutoCloseable {
  /** Nobody asks for flow records here: packets are counted where they arrive. */
  private static final FlowSink NO_FLOWS = event -> {};

  private final ResourceStore store;
  private final KubeVirtObjects objects;
  private final Path folder;
  private final @Nullable Path bird;
  private final Running running = new Running();
  private final NodeFabric fabric = running.add(new NodeFabric());
  private final List<LabHost> hosts = new ArrayList<>();

  /** A pod that is neither a machine's nor moves. */
  record PlainPod(NetworkNamespace namespace, IpAddress address) {}

  /**
   * @param store with nothing in it yet
   * @param folder for sockets and what BIRD writes
   * @param bird the program, if the nodes speak BGP; null for VXLAN
   */
  VmCluster(ResourceStore store, Path folder, @Nullable Path bird) throws IOException {
    this.store = store;
    this.objects = new KubeVirtObjects(store);
    this.folder = folder;
    this.bird = bird;
    Manifests.Result read = Manifests.read("cluster.yaml", manifests());
    if (!read.ok()) {
      throw new IOException("the lab's resources are wrong: " + read.problems());
    }
    read.objects().forEach(store::create);
  }

  private String manifests() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(VmCluster.class.getResourceAsStream("cluster.yaml"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace("${vxlan}", bird == null ? "Always" : "Never");
    }
  }

  KubeVirtObjects objects() {
    return objects;
  }

  List<LabHost> hosts() {
    return List.copyOf(hosts);
  }

  /** An empty namespace, which ends with the cluster. */
  NetworkNamespace namespace() {
    return fabric.newNamespace();
  }

  /** Starts a node. */
  void addNode(String name, IpAddress address) throws IOException {
    NetworkNamespace namespace = fabric.join(name, address);
    objects.createNode(name, address);
    NodeProcess process =
        running.add(
            NodeProcess.nftables(
                NftablesConfig.defaults(name), namespace, NO_FLOWS, new Unobserved()));
    NodeRoutes.keep(
        process,
        name,
        namespace,
        bird == null
            ? null
            : new NodeRoutes.Bgp(
                bird, StateFolder.create(folder.resolve("bgp-" + name)), BgpPasswords.none()));
    process.start(store);
    Path socket = folder.resolve(name + ".cni");
    running.add(
        CniServer.start(
            new CniPlugin(name, store, namespace, InstantSource.system(), process.policyGate()),
            socket));
    hosts.add(new LabHost(name, namespace, address, socket));
  }

  /** Nobody looks at what is programmed: what passes is counted instead. */
  private static final class Unobserved implements TableObserver {
    @Override
    public void applying(TableDelta delta) {}

    @Override
    public void applied() {}
  }

  /** Starts a pod. */
  PlainPod addPod(String name, LabHost host, String role) throws IOException {
    NetworkNamespace sandbox = fabric.newNamespace();
    objects.createPod(name, host.name(), Map.of("role", role));
    JsonNode attached = host.attach(KubeVirtObjects.NAMESPACE, name, sandbox);
    IpAddress address = address(attached);
    objects.podRuns(name, address);
    return new PlainPod(sandbox, address);
  }

  /**
   * Starts a launcher's pod, with everything but the machine.
   *
   * @param mac the machine's; null if the machine is new and gets the pod's
   * @param migration uid of the migration that it is the target of; empty for none
   */
  Launcher addLauncher(String name, LabHost host, @Nullable MacAddress mac, String migration)
      throws IOException {
    NetworkNamespace sandbox = fabric.newNamespace();
    objects.createLauncher(name, host.name(), migration);
    JsonNode attached = host.attach(KubeVirtObjects.NAMESPACE, name, sandbox);
    IpAddress address = address(attached);
    MacAddress own = MacAddress.parse(attached.at("/interfaces/1/mac").asText());
    Launcher launcher = new Launcher(name, host, sandbox, address, mac == null ? own : mac);
    launcher.makeBridge();
    objects.podRuns(name, address);
    return launcher;
  }

  private static IpAddress address(JsonNode attached) {
    return Cidr.parse(attached.at("/ips/0/address").asText()).address();
  }

  /** Ends a launcher's pod as the kubelet does: first its network, then the object. */
  void removeLauncher(Launcher launcher) throws IOException {
    objects.podEnds(launcher.name());
    launcher.node().detach(KubeVirtObjects.NAMESPACE, launcher.name(), launcher.namespace());
    objects.deletePod(launcher.name());
    launcher.namespace().close();
  }

  @Override
  public void close() {
    running.close();
  }
}
