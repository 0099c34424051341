package io.margay.app.agents.lab;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.approval.Approver;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.mcp.ToolPins;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.spiffe.JwtSvids;
import io.margay.agents.identity.spiffe.SpiffeAuthority;
import io.margay.agents.identity.spiffe.SpiffeAuthority.IssuedX509;
import io.margay.agents.identity.spiffe.SpiffeId;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.app.agents.lab.GatewayClient.Task;
import io.margay.app.agents.lab.LabModel.PlannedCall;
import io.margay.app.process.Running;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Approval;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The company: six agents, three tool servers, a model, an identity provider with two people, and
 * the gateway that all calls go through.
 */
final class AgentCompany implements AutoCloseable {
  static final String GATEWAY = "https://gateway.company.example";
  static final String USER = "alice";
  static final String APPROVER = "tom";

  private static final String TRUST_DOMAIN = "company.example";
  private static final List<String> AGENTS =
      List.of("assistant", "planner", "analyst", "payments", "researcher", "intern");
  private static final Duration LEEWAY = Duration.ofSeconds(10);
  private static final Duration RENEW_BEFORE = Duration.ofMinutes(10);

  private final Running running = new Running();
  private final Map<String, LabAgent> agents = new LinkedHashMap<>();
  private final Map<String, LabToolServer> tools = new LinkedHashMap<>();
  private final LabModel model;
  private final EmbeddedIssuer issuer;
  private final AgentGateway gateway;
  private final InstantSource clock;

  /**
   * Starts the company.
   *
   * @param store gets its resources
   * @param state for the gateway's keys and audit log
   */
  AgentCompany(ResourceStore store, Path state, InstantSource clock) throws IOException {
    this.clock = clock;
    try {
      for (String name : AGENTS) {
        agents.put(name, running.add(new LabAgent(name)));
      }
      tools.put(
          "crm",
          running.add(
              new LabToolServer(Map.of("read", "customer 7: Ada", "export", "all customers"))));
      tools.put(
          "ledger",
          running.add(new LabToolServer(Map.of("read", "balance: 1000", "post", "posted"))));
      tools.put("web", running.add(new LabToolServer(web())));
      model = running.add(new LabModel(script()));
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
      SpiffeAuthority authority =
          SpiffeAuthority.open(
              state.resolve("spiffe"), SpiffeAuthority.Config.of(TRUST_DOMAIN), clock);
      X509Svids svids = new X509Svids(authority::bundles, clock);
      for (KubeObject object : resources()) {
        put(store, object);
      }
      gateway =
          running.add(
              AgentGateway.start(
                  store,
                  new AgentGateway.Settings(
                      state.resolve("gateway"), GATEWAY, TRUST_DOMAIN, "lab", "127.0.0.1", 0),
                  new AgentGateway.Trust(
                      renewing(authority, "gateway"),
                      svids,
                      new JwtSvids(authority::bundles, clock, LEEWAY),
                      List.of(TrustedIssuer.discovered(issuer.issuer(), GATEWAY))),
                  new AgentGateway.Models(_ -> Optional.empty(), (_, _) -> List.of()),
                  clock));
      agents.forEach((name, agent) ->
          agent.connect(
              new GatewayClient(
                  gateway.uri(), SpiffeTls.context(renewing(authority, "agent/" + name), svids))));
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Map<String, String> web() {
    Map<String, String> web = new LinkedHashMap<>();
    web.put("search", "weather: fine");
    web.put("post", "published");
    web.put("watch", "");
    return web;
  }

  /** What the model asks for: a step for each line of the demo's story. */
  private static Map<String, List<PlannedCall>> script() {
    PlannedCall books = new PlannedCall("ledger__read", "{}");
    PlannedCall customer = new PlannedCall("crm__read", "{\"id\":7}");
    return Map.of(
        "assistant: report",
        List.of(new PlannedCall("agent__planner", "{\"task\":\"report\"}")),
        "planner: report",
        List.of(new PlannedCall("agent__analyst", "{\"task\":\"report\"}")),
        "analyst: report",
        List.of(books, customer),
        // Having read of a customer, it tries to publish.
        "analyst: leak",
        List.of(customer, new PlannedCall("web__post", "{\"text\":\"Ada\"}")),
        "researcher: weather",
        List.of(new PlannedCall("web__search", "{\"q\":\"weather\"}")),
        "intern: snoop",
        List.of(
            new PlannedCall("crm__export", "{}"),
            new PlannedCall("ledger__post", "{\"amount\":1}"),
            new PlannedCall("agent__analyst", "{\"task\":\"report\"}")),
        "payments: pay",
        List.of(new PlannedCall("ledger__post", "{\"amount\":100,\"to\":\"Ada\"}")),
        "payments: overpay",
        List.of(new PlannedCall("ledger__post", "{\"amount\":1000000,\"to\":\"Eve\"}")));
  }

  /** An SVID that is replaced well before it expires. */
  private Supplier<IssuedX509> renewing(SpiffeAuthority authority, String path) {
    SpiffeId id = SpiffeId.of("spiffe://" + TRUST_DOMAIN + "/" + path);
    IssuedX509[] current = {authority.issueX509(id)};
    return () -> {
      synchronized (current) {
        if (current[0]
            .chain()
            .getFirst()
            .getNotAfter()
            .toInstant()
            .isBefore(clock.instant().plus(RENEW_BEFORE))) {
          current[0] = authority.issueX509(id);
        }
        return current[0];
      }
    };
  }

  private List<KubeObject> resources() throws IOException {
    String text;
    try (InputStream in =
        AgentCompany.class.getResourceAsStream("/io/margay/app/agents/company.yaml")) {
      if (in == null) {
        throw new IOException("the company's resources are not in the program");
      }
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    for (LabAgent agent : agents.values()) {
      text = text.replace("${" + agent.name() + "}", agent.uri().toString());
    }
    for (Map.Entry<String, LabToolServer> server : tools.entrySet()) {
      text = text.replace("${" + server.getKey() + "}", server.getValue().uri().toString());
      for (String tool : List.of("read", "export", "post", "search", "watch")) {
        String hash = "sha256:" + ToolPins.hash(server.getValue().definition(tool));
        text = text.replace("${" + server.getKey() + "/" + tool + "}", hash);
      }
    }
    text = text.replace("${models}", model.uri().toString());
    Manifests.Result read = Manifests.read("company.yaml", text);
    if (!read.ok()) {
      throw new IOException("the company's resources are wrong: " + read.problems());
    }
    return read.objects();
  }

  private static void put(ResourceStore store, KubeObject object) {
    if (store.get(object.key()).isPresent()) {
      store.update(object);
    } else {
      store.create(object);
    }
  }

  AgentGateway gateway() {
    return gateway;
  }

  LabAgent agent(String name) {
    LabAgent agent = agents.get(name);
    if (agent == null) {
      throw new IllegalArgumentException("there is no agent " + name);
    }
    return agent;
  }

  /** A task that Alice begins. */
  Task taskOfUser() {
    return Task.begin(issuer.token(USER, Set.of("tools", "agents")));
  }

  /** Waits until the gateway has read its registry, and serves the first list. */
  void awaitReady() throws IOException, InterruptedException {
    for (int i = 0; i < 100; i++) {
      JsonNode tools = agent("analyst").gateway().listTools(taskOfUser(), "ledger");
      if (tools.at("/result/tools").size() == 1) {
        return;
      }
      Thread.sleep(100);
    }
    throw new IOException("the gateway did not read its registry in time");
  }

  /** Tom answers all that waits: small payments pass. Gives how many calls he answered. */
  int answerApprovals() throws ApprovalRefusedException {
    Approver tom = new Approver("", APPROVER, Set.of("treasury"));
    int answered = 0;
    for (Approval approval : gateway.desk().list()) {
      if (gateway.desk().stateOf(approval) != Approval.State.PENDING) {
        continue;
      }
      boolean small = !approval.spec().arguments().contains("1000000");
      gateway
          .desk()
          .decide(approval.metadata().name(), tom, small, small ? "" : "a million is too much");
      answered++;
    }
    return answered;
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
