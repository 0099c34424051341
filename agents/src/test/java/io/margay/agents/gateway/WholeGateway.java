package io.margay.agents.gateway;

import static io.margay.agents.identity.World.GATEWAY;
import static io.margay.agents.identity.World.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.identity.World;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.model.manifest.Manifests;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** A gateway with all its parts, an authority, an issuer, and servers behind it. */
final class WholeGateway implements AutoCloseable {
  static final String LOOKUP =
      """
      {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"lookup","arguments":{}}}\
      """;

  private static final String RESOURCES =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: support}
      spec: {owner: dana@shop.example}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: planner}
      spec: {owner: dana@shop.example, a2a: {url: "%1$sa2a"}}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: crm}
      spec: {url: "%1$scrm", owner: dana@shop.example, tools: [{name: lookup}]}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: ledger}
      spec: {url: "%1$sledger", owner: dana@shop.example, tools: [{name: lookup}]}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: everything}
      spec: {cedar: "permit(principal, action, resource);"}
      """;

  final World world;
  final Backend backend;
  private final Path directory;
  private volatile String answer = "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}";
  final MemoryStore store;
  private final AgentGateway gateway;
  private final X509Svids svids;

  WholeGateway(Path directory) throws IOException {
    this.directory = directory;
    world = new World(directory);
    svids = new X509Svids(world.authority::bundles, world.clock);
    backend = new Backend((_, exchange) -> Backend.json(exchange, 200, answer));
    store = new MemoryStore();
    Manifests.Result read = Manifests.read("gateway.yaml", RESOURCES.formatted(backend.uri()));
    assertThat(read.problems()).isEmpty();
    read.objects().forEach(store::create);
    gateway =
        AgentGateway.start(
            store,
            new AgentGateway.Settings(
                directory.resolve("gateway"),
                GATEWAY,
                "shop.example",
                "test",
                "127.0.0.1",
                0,
                Set.of(id("portal").toString()),
                100,
                1),
            new AgentGateway.Trust(
                () -> world.agent("gateway"),
                svids,
                new JwtSvids(world.authority::bundles, world.clock, Duration.ofSeconds(5)),
                List.of(world.trustedIssuer())),
            new AgentGateway.Models(_ -> Optional.empty()),
            world.clock);
    await().atMost(Duration.ofSeconds(30)).until(() -> !gateway.registry().agents().isEmpty());
  }

  @Override
  public void close() {
    gateway.close();
    store.close();
    backend.close();
    world.close();
  }

  /** Serves A2A over gRPC at a port of its own, too. */
  int serveGrpc() throws IOException {
    return gateway.serveGrpc(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** Without a certificate of its own, as a browser has it. */
  SSLContext anonymous() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, new TrustManager[] {SpiffeTls.trust(svids)}, null);
    return context;
  }

  SSLContext of(String agent) {
    return SpiffeTls.context(() -> world.agent(agent), svids);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.uri().resolve(path))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/json");
  }

  static HttpResponse<String> send(SSLContext tls, HttpRequest.Builder request) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  /** With a certificate of a trust domain that calls itself as ours does. */
  SSLContext forged(World forger, String agent) {
    return SpiffeTls.context(() -> forger.agent(agent), svids);
  }

  URI uri() {
    return gateway.uri();
  }

  /** What all servers behind the gateway answer from now on. */
  void answer(String json) {
    answer = json;
  }

  /** The approved definition of a tool, as the gateway knows it; empty without one. */
  String pinOf(String server, String tool) {
    return gateway.registry().tool(server, tool).orElseThrow().definitionHash();
  }

  /** A call of a tool. */
  HttpRequest.Builder lookup(String server) {
    return request("/mcp/" + server).POST(BodyPublishers.ofString(LOOKUP));
  }

  JsonNode document(String path) throws Exception {
    HttpResponse<String> response = send(anonymous(), request("/.well-known/" + path));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return Harness.json(response);
  }

  List<AuditEvent> events(AuditKind kind) throws IOException {
    AuditSearch search = new AuditSearch(new LogFiles(directory.resolve("gateway/audit")));
    return search.find(AuditQuery.newest()).records().reversed().stream()
        .map(AuditRecord::event)
        .filter(event -> event.kind() == kind)
        .toList();
  }

  /** Refusals are recorded while their answers are on the way. */
  List<AuditEvent> refusals(int count) {
    Predicate<AuditEvent> refused = event -> event.status().equals("refused");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> events(AuditKind.TOKEN).stream().filter(refused).count() == count);
    try {
      return events(AuditKind.TOKEN).stream().filter(refused).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  HttpRequest.Builder token(Map<String, String> more) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange");
    form.put("subject_token", world.userToken());
    form.put("subject_token_type", "urn:ietf:params:oauth:token-type:access_token");
    form.put("audience", World.CRM);
    form.putAll(more);
    String body =
        form.entrySet().stream()
            .map(one ->
                one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return HttpRequest.newBuilder(gateway.uri().resolve("/token"))
        .timeout(Duration.ofSeconds(60))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body));
  }

  JsonNode exchange(SSLContext tls, Map<String, String> more) throws Exception {
    return Harness.json(send(tls, token(more)));
  }
}
