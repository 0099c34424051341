package io.margay.app.agents.lab;

import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.approval.Approver;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.RenewedSvid;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.redirect.GatewayAddress;
import io.margay.app.agents.lab.GatewayClient.Task;
import io.margay.app.process.Running;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Approval;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The company: six agents, three tool servers, a model, an identity provider with two people, and
 * the gateway that all calls go through.
 */
public final class AgentCompany implements AutoCloseable {
  public static final String GATEWAY = "https://gateway.company.example";
  public static final String USER = "alice";
  public static final String APPROVER = "tom";

  public static final String TRUST_DOMAIN = "company.example";
  private static final List<String> AGENTS =
      List.of("assistant", "planner", "analyst", "payments", "researcher", "intern");
  private static final int MOST_WAITS = 300;
  private static final Duration LEEWAY = Duration.ofSeconds(10);

  private final Running running = new Running();
  private final Map<String, LabAgent> agents = new LinkedHashMap<>();
  private final Map<String, LabToolServer> tools = new LinkedHashMap<>();
  private final LabModel model;
  private final EmbeddedIssuer issuer;
  private final SpiffeAuthority authority;
  private final X509Svids svids;
  private final AgentGateway gateway;

  /**
   * What the company is played with.
   *
   * @param policies with their tiers, groups and tool sets
   * @param redirected the agent that lives in a network namespace and knows no gateway; empty for
   *     none
   */
  public record Play(List<KubeObject> policies, Script script, String redirected) {

    public Play {
      policies = List.copyOf(policies);
    }

    /** All agents know the gateway. */
    public Play(List<KubeObject> policies, Script script) {
      this(policies, script, "");
    }
  }

  /**
   * Starts the company.
   *
   * @param store gets its resources
   * @param state for the gateway's keys and audit log
   */
  public AgentCompany(Play play, ResourceStore store, Path state, InstantSource clock)
      throws IOException {
    try {
      Map<String, String> addresses = new LinkedHashMap<>();
      for (String name : AGENTS) {
        LabAgent agent = running.add(new LabAgent(name));
        agents.put(name, agent);
        addresses.put(name, agent.uri().toString());
      }
      for (Map.Entry<String, List<LabToolServer.Tool>> server : servers(play).entrySet()) {
        LabToolServer started = running.add(new LabToolServer(server.getValue()));
        tools.put(server.getKey(), started);
        addresses.put(server.getKey(), started.uri().toString());
      }
      model = running.add(new LabModel(play.script().model()));
      addresses.put("models", model.uri().toString());
      issuer =
          running.add(
              EmbeddedIssuer.start(
                  0,
                  Map.of(
                      USER,
                      new EmbeddedIssuer.Person(
                          "secret-of-alice", List.of("staff"), Set.of("tools", "agents"))),
                  GATEWAY,
                  clock));
      authority =
          SpiffeAuthority.open(
              state.resolve("spiffe"), SpiffeAuthority.Config.of(TRUST_DOMAIN), clock);
      svids = new X509Svids(authority::bundles, clock);
      play.policies().forEach(object -> put(store, object));
      CompanyResources.registry(addresses, tools).forEach(object -> put(store, object));
      gateway =
          running.add(
              AgentGateway.start(
                  store,
                  new AgentGateway.Settings(
                      state.resolve("gateway"), GATEWAY, TRUST_DOMAIN, "lab", "127.0.0.1", 0),
                  new AgentGateway.Trust(
                      new RenewedSvid(authority, id("gateway"), clock),
                      svids,
                      new JwtSvids(authority::bundles, clock, LEEWAY),
                      List.of(TrustedIssuer.discovered(issuer.issuer(), GATEWAY))),
                  new AgentGateway.Models(_ -> Optional.empty()),
                  clock));
      for (Map.Entry<String, LabAgent> agent : agents.entrySet()) {
        Supplier<IssuedX509> own = new RenewedSvid(authority, id("agent/" + agent.getKey()), clock);
        agent
            .getValue()
            .connect(
                agent.getKey().equals(play.redirected())
                    ? redirected(own, addresses)
                    : client(own));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** The tools of each server, with what the script makes them answer. */
  private static Map<String, List<LabToolServer.Tool>> servers(Play play) {
    return Map.of(
        "crm",
        List.of(
            tool(play, "crm/read", "customer 7: Ada", Map.of("id", "integer")),
            tool(play, "crm/export", "all customers", Map.of())),
        "ledger",
        List.of(
            tool(play, "ledger/read", "balance: 1000", Map.of()),
            tool(play, "ledger/post", "posted", Map.of("amount", "integer", "to", "string"))),
        "web",
        List.of(
            tool(play, "web/search", "weather: fine", Map.of("q", "string")),
            tool(play, "web/post", "published", Map.of("text", "string")),
            tool(play, "web/watch", "", Map.of())));
  }

  private static LabToolServer.Tool tool(
      Play play, String name, String answer, Map<String, String> arguments) {
    return new LabToolServer.Tool(
        name.substring(name.indexOf('/') + 1),
        play.script().tools().getOrDefault(name, answer),
        arguments);
  }

  private static SpiffeId id(String path) {
    return SpiffeId.of("spiffe://" + TRUST_DOMAIN + "/" + path);
  }

  /** A client of the gateway with an identity, whoever made it. */
  public GatewayClient client(Supplier<IssuedX509> own) {
    return new GatewayClient(gateway.uri(), SpiffeTls.context(own, svids));
  }

  private GatewayClient redirected(Supplier<IssuedX509> own, Map<String, String> addresses)
      throws IOException {
    InetSocketAddress address =
        new InetSocketAddress(gateway.uri().getHost(), gateway.uri().getPort());
    return new GatewayClient(
        new RedirectedWay(GatewayAddress.of(address, id("gateway"), own, svids), addresses));
  }

  private static void put(ResourceStore store, KubeObject object) {
    if (store.get(object.key()).isPresent()) {
      store.update(object);
    } else {
      store.create(object);
    }
  }

  public AgentGateway gateway() {
    return gateway;
  }

  public LabAgent agent(String name) {
    LabAgent agent = agents.get(name);
    if (agent == null) {
      throw new IllegalArgumentException("there is no agent " + name);
    }
    return agent;
  }

  public LabToolServer toolServer(String name) {
    LabToolServer server = tools.get(name);
    if (server == null) {
      throw new IllegalArgumentException("there is no tool server " + name);
    }
    return server;
  }

  /** A task that Alice begins. */
  public Task taskOfUser() {
    return Task.begin(tokenOfUser(Set.of("tools", "agents")));
  }

  /** A token of Alice's. */
  public String tokenOfUser(Set<String> scope) {
    return issuer.token(USER, scope);
  }

  /** Where the audit log of a company is. */
  public static Path auditLog(Path state) {
    return state.resolve("gateway").resolve("audit");
  }

  /**
   * Waits until the gateway has read its registry.
   *
   * @throws IOException when it takes too long, or policies are refused
   */
  public void awaitReady() throws IOException, InterruptedException {
    for (int i = 0; i < MOST_WAITS && gateway.registry().agents().isEmpty(); i++) {
      Thread.sleep(100);
    }
    if (gateway.registry().agents().isEmpty()) {
      throw new IOException("the gateway did not read its registry in time");
    }
    Map<ResourceKey, List<Problem>> problems = gateway.decider().allProblems();
    if (!problems.isEmpty()) {
      throw new IOException("the company's resources are refused: " + problems.values());
    }
  }

  /** Tom answers all that waits: small payments pass. Gives how many calls he answered. */
  int answerApprovals() throws ApprovalRefusedException {
    return answerApprovals(
        approval -> approval.spec().arguments().contains("1000000") ? "a million is too much" : "");
  }

  /**
   * Tom answers all that waits. Gives how many calls he answered.
   *
   * @param objection why a call is refused; empty for one that is approved
   */
  public int answerApprovals(Function<Approval, String> objection) throws ApprovalRefusedException {
    Approver tom = new Approver("", APPROVER, Set.of("treasury"));
    int answered = 0;
    for (Approval approval : pending()) {
      String reason = objection.apply(approval);
      gateway.desk().decide(approval.metadata().name(), tom, reason.isEmpty(), reason);
      answered++;
    }
    return answered;
  }

  /** The calls that wait for Tom. */
  public List<Approval> pending() {
    return gateway.desk().list().stream()
        .filter(approval -> gateway.desk().stateOf(approval) == Approval.State.PENDING)
        .toList();
  }

  /**
   * How often something got to where it was meant to go.
   *
   * @param what {@code SERVER/TOOL}, {@code agent/NAME}, or {@code models/MODEL}
   */
  public long arrived(String what) {
    String[] parts = what.split("/", 2);
    return switch (parts[0]) {
      case "agent" -> agent(parts[1]).hops().size();
      case "models" -> model.asked().stream().filter(parts[1]::equals).count();
      default -> toolServer(parts[0]).called().stream().filter(parts[1]::equals).count();
    };
  }

  /** The spans of all hops that reached a tool, an agent or the model. */
  List<String> hopsThatArrived() {
    List<String> all = new ArrayList<>(model.hops());
    tools.values().forEach(server -> all.addAll(server.hops()));
    agents.values().forEach(agent -> all.addAll(agent.hops()));
    return all;
  }

  @Override
  public void close() {
    running.close();
  }
}
