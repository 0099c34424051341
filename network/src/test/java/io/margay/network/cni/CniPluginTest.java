package io.margay.network.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.LinkSpec;
import io.margay.kernel.route.Route;
import io.margay.kernel.route.RouteSocket;
import io.margay.model.manifest.Manifests;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.network.cni.CniException.Code;
import io.margay.store.local.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin with real interfaces: a namespace is the node, others are its pods. */
class CniPluginTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final String WORLD =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: four}
      spec: {cidr: 10.65.0.0/24}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: six}
      spec: {cidr: 'fd00:65::/64'}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: prod}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      """;

  private final MemoryStore store = new MemoryStore();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private NetworkNamespace host;
  private CniPlugin plugin;
  private int kernelRoutes;

  @BeforeAll
  static void requireNamespaces() {
    Optional<String> reason = NetworkNamespace.whyUnavailable();
    reason.ifPresent(text -> System.err.println("SKIPPED, CNI tests: " + text));
    Assumptions.assumeTrue(reason.isEmpty());
  }

  @BeforeEach
  void node() {
    store(WORLD);
    host = closing(NetworkNamespace.create());
    try (RouteSocket routes = RouteSocket.open(host)) {
      routes.setUp(routes.index("lo"));
      kernelRoutes = routes.routes(Route.MAIN_TABLE).size();
    }
    host.setSysctl("net/ipv4/ip_forward", "1");
    host.setSysctl("net/ipv6/conf/all/forwarding", "1");
    plugin = new CniPlugin("n1", store, host, () -> NOW, PolicyGate.OPEN);
  }

  @AfterEach
  void closeAll() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    store.close();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    opened.push(resource);
    return resource;
  }

  private void store(String yaml) {
    Manifests.Result result = Manifests.read("test", yaml);
    assertThat(result.problems()).isEmpty();
    result.objects().forEach(store::create);
  }

  private void pod(String name, String annotations) {
    store(
        "apiVersion: v1\nkind: Pod\nmetadata: {namespace: prod, name: "
            + name
            + ", annotations: "
            + annotations
            + "}\nspec: {nodeName: n1, containers: [{name: a, image: b}]}\n");
  }

  private NetworkNamespace sandbox() {
    return closing(NetworkNamespace.create());
  }

  private static String config(String more) {
    return "{\"cniVersion\": \"1.1.0\", \"name\": \"net\", \"type\": \"margay\","
        + " \"ipam\": {\"type\": \"margay\", \"assign_ipv6\": true}"
        + more
        + "}";
  }

  private @Nullable ObjectNode call(
      String command, String container, String pod, String netns, String more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CNI_COMMAND", command);
    environment.put("CNI_CONTAINERID", container);
    environment.put("CNI_NETNS", netns);
    environment.put("CNI_IFNAME", "eth0");
    environment.put("CNI_ARGS", "K8S_POD_NAMESPACE=prod;K8S_POD_NAME=" + pod);
    return plugin.call(CniCall.read(environment, config(more)));
  }

  private JsonNode add(String container, String pod, NetworkNamespace sandbox) {
    JsonNode result = call("ADD", container, pod, sandbox.path().toString(), "");
    assertThat(result).isNotNull();
    return result;
  }

  private CniException refusal(
      String command, String container, String pod, String netns, String more) {
    return catchThrowableOfType(
        CniException.class, () -> call(command, container, pod, netns, more));
  }

  private List<String> cables() {
    try (RouteSocket routes = RouteSocket.open(host)) {
      return routes.links().stream().map(Link::name).filter(n -> n.startsWith("cali")).toList();
    }
  }

  /** Nothing is left of any pod: no interface, route, address or handle. */
  private void assertNothingLeft() {
    assertThat(cables()).isEmpty();
    try (RouteSocket routes = RouteSocket.open(host)) {
      assertThat(routes.routes(Route.MAIN_TABLE)).hasSize(kernelRoutes);
    }
    assertThat(store.list(Kind.IPAM_HANDLE, "").items()).isEmpty();
    assertThat(store.list(Kind.IPAM_BLOCK, "").items())
        .allSatisfy(block -> assertThat(block.json().at("/spec/attributes")).isEmpty());
  }

  private static boolean connects(NetworkNamespace from, NetworkNamespace to, String address)
      throws IOException {
    try (ServerSocketChannel server = to.run(ServerSocketChannel::open)) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
      InetSocketAddress target = (InetSocketAddress) server.getLocalAddress();
      try (Socket socket = from.run(CniPluginTest::unconnected)) {
        socket.connect(target, 30_000);
        return true;
      }
    }
  }

  /** The socket is made when it is bound or connected: bind it inside. */
  private static Socket unconnected() throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    return socket;
  }

  private static String address(JsonNode result, int index) {
    return result.at("/ips/" + index + "/address").asText().replaceFirst("/.*", "");
  }

  @Test
  void podsReachEachOtherInBothFamilies() throws IOException {
    pod("web", "{}");
    pod("db", "{cni.projectcalico.org/hwAddr: '02:00:00:00:00:07'}");
    NetworkNamespace web = sandbox();
    NetworkNamespace db = sandbox();
    JsonNode ofWeb = add("c1", "web", web);
    JsonNode ofDb = add("c2", "db", db);
    assertThat(ofWeb.at("/interfaces/0/name").asText()).matches("cali[0-9a-f]{11}");
    assertThat(ofDb.at("/interfaces/1/mac").asText()).isEqualTo("02:00:00:00:00:07");
    assertThat(connects(web, db, address(ofDb, 0))).isTrue();
    assertThat(connects(db, web, address(ofWeb, 0))).isTrue();
    assertThat(connects(web, db, address(ofDb, 1))).isTrue();

    String previous = ", \"prevResult\": " + ofWeb;
    assertThat(call("CHECK", "c1", "web", web.path().toString(), previous)).isNull();
    assertThat(call("DEL", "c1", "web", web.path().toString(), previous)).isNull();
    assertThat(cables()).hasSize(1);
    CniException gone = refusal("CHECK", "c1", "web", web.path().toString(), previous);
    assertThat(gone.code()).isEqualTo(Code.CHECK_FAILED);
    assertThat(gone.json("1.1.0").path("details").asText())
        .contains(
            "address " + address(ofWeb, 0) + " is not allocated to the container",
            "interface eth0 in the pod is missing or down");
    assertThat(call("DEL", "c1", "web", web.path().toString(), previous)).isNull();
    assertThat(call("DEL", "c2", "db", "", "")).isNull();
    assertThat(call("DEL", "c2", "db", db.path().toString(), "")).isNull();
    assertNothingLeft();
  }

  @Test
  void aRepeatedAddGivesTheSame() {
    pod("web", "{}");
    NetworkNamespace web = sandbox();
    JsonNode first = add("c1", "web", web);
    JsonNode second = add("c1", "web", web);
    assertThat(second.path("ips")).isEqualTo(first.path("ips"));
    assertThat(cables()).hasSize(1);
    call("DEL", "c1", "web", web.path().toString(), "");
    assertNothingLeft();
  }

  @Test
  void aLateDelOfAnOldContainerDoesNotCutOffTheNewOne() {
    pod("web", "{}");
    NetworkNamespace old = sandbox();
    NetworkNamespace fresh = sandbox();
    add("old", "web", old);
    JsonNode result = add("new", "web", fresh);
    call("DEL", "old", "web", old.path().toString(), "");
    assertThat(cables()).hasSize(1);
    assertThat(call("CHECK", "new", "web", fresh.path().toString(), ", \"prevResult\": " + result))
        .isNull();
    call("DEL", "new", "web", fresh.path().toString(), "");
    assertNothingLeft();
  }

  @Test
  void anAddThatFailsLeavesNothing() {
    pod("web", "{}");
    CniException gone = refusal("ADD", "c1", "web", "/run/netns/does-not-exist", "");
    assertThat(gone.code()).isEqualTo(Code.IO_FAILURE);
    assertNothingLeft();

    NetworkNamespace taken = sandbox();
    try (RouteSocket routes = RouteSocket.open(taken)) {
      routes.createLink(new LinkSpec.Bridge("eth0"));
    }
    CniException twice = refusal("ADD", "c1", "web", taken.path().toString(), "");
    assertThat(twice).hasMessage("CNI_IFNAME: the pod has an interface eth0 already");
    assertNothingLeft();

    store.delete(store.list(Kind.IP_POOL, "").items().getLast().key(), "");
    CniException half = refusal("ADD", "c1", "web", sandbox().path().toString(), "");
    assertThat(half.code()).isEqualTo(Code.NO_ADDRESS);
    assertThat(half.json("1.1.0").path("details").asText())
        .isEqualTo("no pool gives IPv6 addresses for this request");
    assertNothingLeft();
  }

  @Test
  void podsGetWhatTheirAnnotationsAskFor() {
    pod("web", "{cni.projectcalico.org/ipAddrs: '[\"10.65.0.99\", \"fd00:65::99\"]'}");
    NetworkNamespace web = sandbox();
    JsonNode result = add("c1", "web", web);
    assertThat(address(result, 0)).isEqualTo("10.65.0.99");
    assertThat(address(result, 1)).isEqualTo("fd00:65::99");
    pod("odd", "{cni.projectcalico.org/ipv4pools: four}");
    CniException odd = refusal("ADD", "c2", "odd", sandbox().path().toString(), "");
    assertThat(odd.code()).isEqualTo(Code.INVALID_CONFIGURATION);
    assertThat(odd.json("1.1.0").path("details").asText()).contains("Pod prod/odd", "ipv4pools");
    CniException unknown = refusal("ADD", "c3", "nobody", sandbox().path().toString(), "");
    assertThat(unknown.code()).isEqualTo(Code.TRY_AGAIN_LATER);
  }

  @Test
  void gcReleasesWhatDeadContainersHave() {
    pod("web", "{}");
    pod("db", "{}");
    NetworkNamespace web = sandbox();
    NetworkNamespace db = sandbox();
    JsonNode ofWeb = add("c1", "web", web);
    add("c2", "db", db);
    try (RouteSocket routes = RouteSocket.open(db)) {
      routes.deleteLink(routes.index("eth0"));
    }
    String valid =
        ", \"cni.dev/valid-attachments\": [{\"containerID\": \"c1\", \"ifname\": \"eth0\"}]";
    assertThat(call("GC", "", "", "", valid)).isNull();
    assertThat(store.list(Kind.IPAM_HANDLE, "").items())
        .singleElement()
        .satisfies(handle -> assertThat(handle.name()).isEqualTo("net.c1"));
    assertThat(call("CHECK", "c1", "web", web.path().toString(), ", \"prevResult\": " + ofWeb))
        .isNull();
    assertThat(refusal("GC", "", "", "", "").code()).isEqualTo(Code.INVALID_CONFIGURATION);
  }

  @Test
  void statusTellsWhetherPodsCanBeAttached() {
    assertThat(call("STATUS", "", "", "", "")).isNull();
    store.list(Kind.IP_POOL, "").items().forEach(pool -> store.delete(pool.key(), ""));
    assertThat(refusal("STATUS", "", "", "", "").code()).isEqualTo(Code.NOT_AVAILABLE);
  }

  @Test
  void theShimAsksTheNodeProcess(@TempDir Path folder) throws IOException {
    pod("web", "{}");
    NetworkNamespace web = sandbox();
    Path socket = folder.resolve("cni.sock");
    Map<String, String> environment =
        Map.of(
            "CNI_COMMAND", "ADD",
            "CNI_CONTAINERID", "c1",
            "CNI_NETNS", web.path().toString(),
            "CNI_IFNAME", "eth0",
            "CNI_ARGS", "K8S_POD_NAMESPACE=prod;K8S_POD_NAME=web",
            "PATH", "/bin");
    try (CniServer server = CniServer.start(plugin, socket)) {
      assertThat(server).isNotNull();
      StringWriter added = new StringWriter();
      assertThat(shim(socket, environment, config(""), added)).isZero();
      assertThat(added.toString()).contains("\"sandbox\":\"" + web.path());
      StringWriter refused = new StringWriter();
      assertThat(shim(socket, environment, "{", refused)).isEqualTo(1);
      assertThat(refused.toString()).contains("\"cniVersion\":\"1.1.0\",\"code\":6");
    }
    StringWriter unserved = new StringWriter();
    assertThat(shim(socket, environment, config(""), unserved)).isEqualTo(1);
    assertThat(unserved.toString()).contains("\"code\":11", "--cni-socket");
    // A socket that nobody serves any more does not stop the next process.
    CniServer.start(plugin, socket).close();
  }

  private static int shim(
      Path socket, Map<String, String> environment, String input, StringWriter output)
      throws IOException {
    return Shim.run(
        socket,
        environment,
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        new PrintWriter(output));
  }

  @Test
  void aPodWithoutItsPolicyIsNotAttached() {
    pod("web", "{}");
    List<String> told = new ArrayList<>();
    PolicyGate shut =
        new PolicyGate() {
          @Override
          public boolean attached(
              ResourceKey pod, String container, List<IpAddress> addresses, Duration patience) {
            told.add(pod + " " + container + " " + addresses + " " + patience.toSeconds());
            return false;
          }

          @Override
          public void detached(String container) {
            told.add("detached " + container);
          }
        };
    plugin = new CniPlugin("n1", store, host, () -> NOW, shut);
    String path = sandbox().path().toString();
    CniException refused =
        refusal("ADD", "c1", "web", path, ", \"policy_setup_timeout_seconds\": 3");
    assertThat(refused.code()).isEqualTo(Code.TRY_AGAIN_LATER);
    assertThat(refused).hasMessage("Pod prod/web: its policy is not in force after 3 s");
    assertThat(told).hasSize(2).last().isEqualTo("detached c1");
    assertThat(told.getFirst()).startsWith("Pod prod/web c1 [10.65.0.").endsWith(" 3");
    assertNothingLeft();

    call("ADD", "c1", "web", path, ", \"policy_setup_timeout_seconds\": 0");
    assertThat(cables()).hasSize(1);
    assertThat(refusal("ADD", "c1", "web", path, ", \"policy_setup_timeout_seconds\": -1").code())
        .isEqualTo(Code.INVALID_CONFIGURATION);
  }

  @Test
  void whoGetsAnAddressNextDoesNotInheritItsConnections() throws IOException {
    pod("web", "{}");
    pod("db", "{}");
    NetworkNamespace web = sandbox();
    NetworkNamespace db = sandbox();
    String leaving = address(add("c1", "web", web), 0);
    String staying = address(add("c2", "db", db), 0);
    try (Nftables nft = Nftables.open(host);
        Conntrack conntrack = Conntrack.open(host)) {
      nft.apply(
          """
          table inet track {
            chain forwarded { type filter hook forward priority 0; ct state new accept; }
          }
          """);
      assertThat(connects(web, db, staying)).isTrue();
      assertThat(conntrack.connections(InetAddress.ofLiteral(leaving))).isNotEmpty();
      call("DEL", "c1", "web", web.path().toString(), "");
      assertThat(conntrack.connections(InetAddress.ofLiteral(leaving))).isEmpty();
    }
  }

  /** A little of what {@code margay bench cni} does, which also measures. */
  @Test
  void podsOneAfterAnotherLeaveNothing() {
    NetworkNamespace sandbox = sandbox();
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "pod-" + i;
      pod(name, "{}");
      add("c" + i, name, sandbox);
      all.addAll(cables());
      call("DEL", "c" + i, name, sandbox.path().toString(), "");
    }
    assertThat(all).hasSize(20).doesNotHaveDuplicates();
    assertNothingLeft();
  }
}
