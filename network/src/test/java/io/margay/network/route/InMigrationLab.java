package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.BlockOwner;
import io.margay.model.resource.IpPool;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.ipam.AddressAllocator;
import io.margay.network.ipam.AddressRequest;
import io.margay.network.ipam.Machine;
import io.margay.network.ipam.MachineAddresses;
import io.margay.network.migration.MigrationController;
import io.margay.network.migration.MigrationSettings;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/**
 * A machine that can move between real kernels, over VXLAN: a namespace whose cable moves. What
 * KubeVirt and the CNI plugin do is done by hand.
 */
abstract class InMigrationLab {
  static final Machine DB = Machine.of("default", "db");
  static final String CLIENT = "10.1.0.5";

  final MemoryStore store = new MemoryStore();
  final NodeLab lab = new NodeLab();
  final Map<String, RouteController> routes = new HashMap<>();
  final Map<String, MigrationController> migrations = new HashMap<>();
  final MachineAddresses addresses =
      new MachineAddresses(new AddressAllocator(store, InstantSource.system(), new Random(1)));
  String address = "";

  @BeforeAll
  static void requireNamespaces() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, migration tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  /** A machine on {@code a}, a client on {@code c}, and {@code b} to move to. */
  @BeforeEach
  void cluster() {
    lab.subnet("fabric", "192.0.2.254/24");
    TestCluster cluster = new TestCluster().vxlanPool("10.1.0.0/16", "Always");
    List.of("a", "b", "c")
        .forEach(node -> {
          String own = "192.0.2." + (1 + "abc".indexOf(node)) + "/24";
          lab.join(node, "fabric", Map.of("192.0.2.254", own));
          cluster.node(node, Map.of("IPv4Address", own));
        });
    cluster.block("10.1.0.0/26", "c").pod("client", "c", CLIENT);
    lab.pod("client", "c", CLIENT);
    cluster.objects().forEach(store::create);
    AddressRequest request =
        new AddressRequest(
            BlockOwner.node("a"),
            Map.of(),
            Map.of(),
            IpPool.Use.WORKLOAD,
            DB.handle(),
            attributes("vm-1", "a"),
            1,
            0,
            Set.of(),
            0);
    address = addresses.start(DB, request).holdings().getFirst().address().toString();
    store.create(TestCluster.podObject("vm-1", "a", address));
    lab.pod("vm-1", "a", address);
    List.of("a", "b", "c")
        .forEach(node -> {
          routes.put(node, new RouteController(lab.node(node), RouteSettings.defaults(node)));
          routes.get(node).start(store, InstantSource.system());
        });
    follow("a", store, Duration.ofSeconds(1));
    follow("b", store, Duration.ofSeconds(1));
    awaitReachable();
  }

  void follow(String node, ResourceStore from, Duration convergence) {
    MigrationController controller =
        new MigrationController(
            lab.node(node),
            new MigrationSettings(node, convergence, Duration.ofSeconds(1)),
            routes.get(node)::prioritize,
            InstantSource.system());
    migrations.put(node, controller);
    controller.start(from);
  }

  @AfterEach
  void close() throws Exception {
    migrations.values().forEach(MigrationController::close);
    routes.values().forEach(RouteController::close);
    lab.close();
    store.close();
  }

  static Map<String, String> attributes(String pod, String node) {
    return Map.of("namespace", "default", "pod", pod, "node", node, "vmi-name", "db");
  }

  /** What KubeVirt and CNI do before a machine moves. */
  void prepare(String migration, String pod, String node) {
    KubeObject wish =
        TestCluster.object(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, migration, "{'vmiName': 'db'}");
    ((ObjectNode) wish.json().path("metadata")).put("namespace", "default");
    wish.json().putObject("status").put("phase", "Running");
    String uid = store.create(wish).json().path("metadata").path("uid").asText();
    KubeObject target = TestCluster.podObject(pod, node, address);
    ((ObjectNode) target.json().path("metadata"))
        .putObject("labels")
        .put("kubevirt.io/migrationJobUID", uid);
    store.create(target);
    addresses.prepare(DB, attributes(pod, node));
    awaitRecord(migration, "Prepared", "");
  }

  void phase(String migration, String phase) {
    ResourceKey key = key(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, migration);
    ObjectNode json = store.get(key).orElseThrow().json().deepCopy();
    json.withObjectProperty("status").put("phase", phase);
    store.update(new KubeObject(key.kind(), json));
  }

  /** What becomes of a pod that ends: CNI's DEL, and the pod is gone. */
  void end(String pod) {
    addresses.stopped(DB, pod, false);
    store.delete(key(Kind.POD, pod), "");
  }

  static ResourceKey key(Kind kind, String name) {
    return new ResourceKey(kind, "default", name);
  }

  ObjectNode record(String migration) {
    return store.get(key(Kind.LIVE_MIGRATION, migration)).orElseThrow().json();
  }

  void awaitRecord(String migration, String phase, String reason) {
    await()
        .untilAsserted(() -> {
          assertThat(store.get(key(Kind.LIVE_MIGRATION, migration))).isPresent();
          assertThat(record(migration).at("/status/phase").asText()).isEqualTo(phase);
          assertThat(record(migration).at("/status/reason").asText()).contains(reason);
        });
  }

  /** Hypervisors say it more than once: the interface may have come just now. */
  void arrive(String migration) {
    await()
        .untilAsserted(() -> {
          lab.announce(address);
          assertThat(record(migration).at("/status/phase").asText()).isEqualTo("Live");
        });
  }

  void awaitReachable() {
    await().until(() -> lab.connects(CLIENT, address));
  }

  List<Integer> metrics(String node, String pod) {
    try (RouteSocket socket = RouteSocket.open(lab.node(node))) {
      int device = socket.index(NodeLab.hostInterface(pod));
      return socket.routes(Route.MAIN_TABLE).stream()
          .filter(route -> route.device() == device && route.protocol() == RouteTable.PROTOCOL)
          .map(Route::metric)
          .toList();
    }
  }

  String owner() {
    return addresses.active(DB).map(place -> place.pod() + "@" + place.node()).orElse("nobody");
  }

  /** A session that began before and is asked again later. */
  final class Session implements AutoCloseable {
    private final ServerSocketChannel server;
    private final Socket client;
    private final SocketChannel accepted;

    Session() throws IOException {
      server = lab.pod(address).run(ServerSocketChannel::open);
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
      client = lab.pod(CLIENT).run(NodeLab::bound);
      client.connect(server.getLocalAddress(), 3000);
      client.setSoTimeout(10_000);
      accepted = server.accept();
    }

    boolean answers() throws IOException {
      client.getOutputStream().write('?');
      ByteBuffer question = ByteBuffer.allocate(1);
      accepted.read(question);
      accepted.write(question.flip());
      return client.getInputStream().read() == '?';
    }

    @Override
    public void close() throws IOException {
      accepted.close();
      client.close();
      server.close();
    }
  }
}
