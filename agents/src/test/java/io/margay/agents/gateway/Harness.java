package io.margay.agents.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Target;
import io.margay.agents.call.User;
import io.margay.agents.call.Verdict;
import io.margay.agents.gateway.a2a.AgentCards;
import io.margay.agents.gateway.a2a.PushTargets;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.CallObserver;
import io.margay.agents.gateway.gate.Holds;
import io.margay.agents.gateway.gate.OpenCalls;
import io.margay.agents.gateway.gate.Recorder;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.Upstream;
import io.margay.agents.gateway.llm.Account;
import io.margay.agents.gateway.llm.Budgets;
import io.margay.agents.gateway.parts.DoorParts;
import io.margay.agents.identity.token.KeyRotation;
import io.margay.agents.identity.token.RotatingKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A gateway on a free port, with a backend for everything, and rules that a test can set. */
final class Harness implements AutoCloseable, Recorder, Directory, Holds {
  static final JsonMapper JSON = new JsonMapper();

  final Backend backend;
  final List<AgentCall> decided = new CopyOnWriteArrayList<>();
  final List<AgentDecision> decisions = new CopyOnWriteArrayList<>();
  final List<String> outcomes = new CopyOnWriteArrayList<>();
  final List<String> changed = new CopyOnWriteArrayList<>();
  final Map<String, Claim> claims = new ConcurrentHashMap<>();
  final Map<String, String> pins = new HashMap<>();
  final List<Account> budgetList = new ArrayList<>();
  final OpenCalls open;
  final Budgets budgets = new Budgets(InstantSource.system());
  volatile Function<AgentCall, Ruling> rule = call -> permit();
  volatile Set<String> visible = Set.of();
  volatile boolean diskFull;
  final RotatingKeys cardKeys =
      RotatingKeys.inMemory(
          new KeyRotation.Timing(Duration.ofDays(1), Duration.ofHours(1)), InstantSource.system());
  volatile CallObserver observer = CallObserver.NOBODY;

  private final AtomicLong numbers = new AtomicLong();
  private final Upstream upstream = new Upstream();
  private final GatewayServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  Harness(Backend.Answering answering) throws IOException {
    this(answering, 1_000, Duration.ofSeconds(15));
  }

  /**
   * @param mostCalls at a time
   * @param quiet how long a stream may be quiet before it gets a comment
   */
  Harness(Backend.Answering answering, int mostCalls, Duration quiet) throws IOException {
    open = new OpenCalls(mostCalls);
    backend = new Backend(answering);
    InstantSource clock = InstantSource.system();
    CallGate gate = gate(this);
    Forwarder forwarder = new Forwarder(gate, upstream, clock);
    Identities identities =
        (exchange, audience) -> {
          String agent = exchange.headers().get("X-Test-Agent");
          if (agent == null) {
            throw new Refusal(401, "who are you?", Map.of("WWW-Authenticate", "Bearer"));
          }
          return caller(agent);
        };
    HopTokens tokens =
        (exchange, caller, audience) -> Optional.of("token-for-" + URI.create(audience).getPath());
    server =
        new GatewayServer(
            new GatewayServer.Listen("127.0.0.1", 0, Optional.empty(), quiet),
            parts(identities, tokens).over(gate, forwarder));
    server.start();
  }

  /** Doors by the same rules for callers who are known otherwise. */
  DoorParts parts(Identities identities, HopTokens tokens) {
    PushTargets push = new PushTargets(Set.of(), InetAddress::getAllByName);
    InstantSource clock = InstantSource.system();
    AgentCards cards = new AgentCards(cardKeys, URI.create("https://gateway.test/keys"));
    return new DoorParts(
        URI.create("https://gateway.test"),
        identities,
        tokens,
        this,
        this,
        push,
        cards,
        (c, t) -> budgetList,
        budgets,
        clock);
  }

  /** A gate by the rules. */
  CallGate gate(Holds holds) {
    return new CallGate(
        call -> {
          Ruling ruling = rule.apply(call);
          return new AgentDecision(ruling, ruling, "hash", List.of(), List.of());
        },
        this,
        holds,
        open,
        (call, decision, record, outcome, status) ->
            observer.over(call, decision, record, outcome, status));
  }

  static Caller caller(String agent) {
    return new Caller(
        "spiffe://test/" + agent,
        Optional.of(new User("https://issuer.test", "alice", List.of())),
        List.of("spiffe://test/" + agent),
        "jti",
        List.of());
  }

  static Ruling permit() {
    return new Ruling(Verdict.PERMIT, "default", List.of("p-allow"), "permitted", Optional.empty());
  }

  static Ruling deny(String reason) {
    return new Ruling(Verdict.DENY, "default", List.of("p-deny"), reason, Optional.empty());
  }

  static Ruling hold() {
    return new Ruling(
        Verdict.HOLD,
        "default",
        List.of("p-hold"),
        "needs approval",
        Optional.of(new Ruling.Hold(List.of("security"), 1, 60)));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.uri().resolve(path))
        .timeout(Duration.ofSeconds(20))
        .header("X-Test-Agent", "buyer")
        .header("Authorization", "Bearer secret-of-the-caller");
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  URI uri() {
    return server.uri();
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  /** Messages that are refused as such are recorded all the same, and nobody else saw them. */
  void assertRefusedByProtocol(int messages) {
    assertThat(backend.received()).isEmpty();
    assertThat(decisions)
        .hasSize(messages)
        .allSatisfy(decision -> {
          assertThat(decision.enforced().verdict()).isEqualTo(Verdict.DENY);
          assertThat(decision.enforced().tier()).isEqualTo("protocol");
        });
  }

  @Override
  public long decided(AgentCall call, AgentDecision decision) throws IOException {
    if (diskFull) {
      throw new IOException("no space left");
    }
    decided.add(call);
    decisions.add(decision);
    return numbers.incrementAndGet();
  }

  @Override
  public void ended(long decision, AgentCall call, String outcome, int status, Duration took) {
    outcomes.add(outcome + " " + status);
  }

  @Override
  public Claim claim(AgentCall call, Ruling ruling, long record, Duration patience) {
    return claims.getOrDefault(call.arguments().toString(), new Waiting("h1"));
  }

  @Override
  public Optional<Claim> find(Caller caller, String id) {
    return id.equals("h1") && caller.workload().endsWith("/buyer")
        ? Optional.of(new Waiting(id))
        : Optional.empty();
  }

  @Override
  public Optional<ToolServer> toolServer(String name) {
    return name.equals("crm")
        ? Optional.of(new ToolServer(name, backend.uri().resolve("/mcp"), Optional.empty(), pins))
        : Optional.empty();
  }

  @Override
  public Optional<CallableAgent> agent(String name) {
    return name.equals("planner")
        ? Optional.of(
            new CallableAgent(
                name,
                backend.uri().resolve("/a2a"),
                Optional.empty(),
                "spiffe://test/planner",
                JSON.createObjectNode().put("name", "Planner")))
        : Optional.empty();
  }

  @Override
  public Optional<ModelProvider> modelProvider(String name) {
    return name.equals("models")
        ? Optional.of(
            new ModelProvider(
                name,
                backend.uri(),
                Optional.empty(),
                Optional.of(new Credential("authorization", "Bearer key-of-the-provider")),
                Map.of("small", new Price(1_000_000, 2_000_000))))
        : Optional.empty();
  }

  @Override
  public Addresses addresses() {
    URI twice = URI.create("http://twice.test/mcp");
    return new Addresses(
        List.of(
            new Addresses.Registered("mcp", "crm", URI.create("http://crm.test/mcp"), true),
            new Addresses.Registered("a2a", "planner", URI.create("http://planner.test"), false),
            new Addresses.Registered("llm", "models", URI.create("https://models.test"), false),
            new Addresses.Registered("mcp", "one", twice, true),
            new Addresses.Registered("mcp", "two", twice, true)));
  }

  @Override
  public List<Target> visible(Caller caller, String action, List<Target> targets) {
    return targets.stream().filter(target -> visible.contains(target.name())).toList();
  }

  @Override
  public void definitionChanged(String toolServer, String tool, String hash) {
    changed.add(toolServer + "/" + tool);
  }

  @Override
  public void definitionApproved(String toolServer, String tool, String hash) {
    changed.remove(toolServer + "/" + tool);
  }

  @Override
  public void close() {
    server.close();
    upstream.close();
    backend.close();
  }
}
