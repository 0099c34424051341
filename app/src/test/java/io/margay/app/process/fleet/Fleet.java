package io.margay.app.process.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.process.Running;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.MacAddress;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.cni.Shim;
import io.margay.store.local.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Nodes and pods as namespaces on one store. Whatever a pod needs comes from its node's process;
 * this plays only the machines, the wire between them, the runtime and the kubelet.
 *
 * <pre>
 *   pod ─(CNI)─ node ─eth0─ fabric: a bridge ─eth0─ node ─(CNI)─ pod
 * </pre>
 */
final class Fleet implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CONFIG =
      "{\"cniVersion\": \"1.1.0\", \"name\": \"k8s-pod-network\", \"ipam\": {\"type\":"
          + " \"margay\"}}";
  private static final int PATIENCE_MILLIS = 3_000;
  private static final int SHORT_PATIENCE_MILLIS = 400;

  private final Running running = new Running();
  private final Path folder;
  private final boolean bgp;
  private final NetworkNamespace fabric = running.add(NetworkNamespace.create());
  private final Map<String, FleetNode> nodes = new TreeMap<>();
  private final Map<String, NetworkNamespace> pods = new TreeMap<>();
  private final Map<String, String> addresses = new TreeMap<>();
  private int cables;

  final MemoryStore store = running.add(new MemoryStore());

  /**
   * @param folder where sockets and BIRD's files are
   * @param bgp whether BIRD makes the routes between nodes
   */
  Fleet(Path folder, boolean bgp) {
    this.folder = folder;
    this.bgp = bgp;
    try (RouteSocket socket = RouteSocket.open(fabric)) {
      socket.setUp(socket.createLink(new LinkSpec.Bridge("fabric")));
    }
  }

  void create(String yaml) {
    Manifests.read("fleet", yaml).objects().forEach(store::create);
  }

  FleetNode node(String name) {
    return Objects.requireNonNull(nodes.get(name), name);
  }

  Map<String, FleetNode> nodes() {
    return nodes;
  }

  Iterable<String> pods() {
    return pods.keySet();
  }

  /** A machine with its cable, its Node object, and its process. */
  void join(String name, String address) {
    NetworkNamespace machine = NetworkNamespace.create();
    try (RouteSocket outside = RouteSocket.open(fabric);
        RouteSocket inside = RouteSocket.open(machine)) {
      int port = outside.createVeth("port" + ++cables, "eth0", machine);
      outside.setMaster(port, outside.index("fabric"));
      outside.setUp(port);
      inside.setUp(inside.index("lo"));
      // A machine that comes back has the hardware address that its neighbours remember.
      int number = InetAddress.ofLiteral(address).getAddress()[3];
      inside.setMac(inside.index("eth0"), new MacAddress(0x0200_0000_0000L + number));
      inside.setUp(inside.index("eth0"));
      inside.addAddress(inside.index("eth0"), IpPrefix.parse(address + "/24"));
    }
    create(
        """
        apiVersion: v1
        kind: Node
        metadata: {name: %s, annotations: {projectcalico.org/IPv4Address: %s/24}}
        """
            .formatted(name, address));
    FleetNode node = new FleetNode(name, address, machine, folder.resolve(name), bgp);
    nodes.put(name, node);
    node.start(store);
  }

  /** A machine that burns: process, kernel and pods are gone, and then its objects. */
  void lose(String name) {
    FleetNode node = node(name);
    nodes.remove(name);
    node.close();
    KubeObject pod =
        store.list(Kind.POD, "default").items().stream()
            .filter(found -> found.json().at("/spec/nodeName").asText().equals(name))
            .findFirst()
            .orElseThrow();
    closePod(pod.key().name());
    store.delete(pod.key(), "");
    store.delete(new ResourceKey(Kind.NODE, "", name), "");
  }

  /** What scheduler, runtime and kubelet do for a pod: bind, ADD, tell the address. */
  void run(String pod, String node) throws IOException {
    attach(pod, node);
    KubeObject stored = store.get(new ResourceKey(Kind.POD, "default", pod)).orElseThrow();
    ObjectNode json = stored.json().deepCopy();
    ObjectNode status = json.putObject("status");
    status.put("phase", "Running").putArray("podIPs").addObject().put("ip", addresses.get(pod));
    store.updateStatus(new KubeObject(Kind.POD, json));
  }

  /** The same without the last: the API does not know the pod's address yet. */
  void attach(String pod, String node) throws IOException {
    create(
        """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: default, name: %s, labels: {app: %s}}
        spec: {nodeName: %s, containers: [{name: main, image: none}]}
        """
            .formatted(pod, pod, node));
    NetworkNamespace sandbox = NetworkNamespace.create();
    pods.put(pod, sandbox);
    JsonNode result = JSON.readTree(cni("ADD", pod, node, sandbox.path().toString()));
    addresses.put(pod, result.at("/ips/0/address").asText().replaceFirst("/.*", ""));
  }

  /** As a kubelet that starts again asks it for containers of which nothing is left. */
  void forget(String pod, String node) throws IOException {
    cni("DEL", pod, node, "");
  }

  private String cni(String command, String pod, String node, String netns) throws IOException {
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_CONTAINERID",
            "container-" + pod,
            "CNI_NETNS",
            netns,
            "CNI_IFNAME",
            "eth0",
            "CNI_ARGS",
            "K8S_POD_NAMESPACE=default;K8S_POD_NAME=" + pod);
    StringWriter output = new StringWriter();
    int exitCode =
        Shim.run(
            node(node).cniSocket(),
            environment,
            new ByteArrayInputStream(CONFIG.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(output));
    if (exitCode != 0) {
      throw new IOException(command + " of " + pod + " on " + node + ": " + output);
    }
    return output.toString();
  }

  /** Whether a connection from one pod to another is answered. */
  boolean reaches(String from, String to) throws IOException {
    return connects(from, to, PATIENCE_MILLIS);
  }

  /** The same with the first packet: a second is sent a second later. */
  boolean reachesAtOnce(String from, String to) throws IOException {
    return connects(from, to, SHORT_PATIENCE_MILLIS);
  }

  /** Whether a connection finds no answer: what is denied is dropped. */
  boolean isCut(String from, String to) throws IOException {
    return !connects(from, to, SHORT_PATIENCE_MILLIS);
  }

  private boolean connects(String from, String to, int patienceMillis) throws IOException {
    InetAddress target = InetAddress.ofLiteral(Objects.requireNonNull(addresses.get(to), to));
    try (ServerSocketChannel server = sandbox(to).run(ServerSocketChannel::open);
        Socket socket = sandbox(from).run(Fleet::bound)) {
      server.bind(new InetSocketAddress(target, 0));
      socket.connect(server.getLocalAddress(), patienceMillis);
      return true;
    } catch (SocketTimeoutException | ConnectException e) {
      return false;
    }
  }

  private NetworkNamespace sandbox(String pod) {
    return Objects.requireNonNull(pods.get(pod), pod);
  }

  /** The socket is made when an option is set: in the namespace of this thread. */
  private static Socket bound() throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    return socket;
  }

  private void closePod(String pod) {
    Objects.requireNonNull(pods.remove(pod), pod).close();
    addresses.remove(pod);
  }

  @Override
  public void close() {
    nodes.values().forEach(FleetNode::close);
    pods.values().forEach(NetworkNamespace::close);
    running.close();
  }
}
