package io.margay.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import io.margay.agents.call.User;
import io.margay.agents.decide.PolicyDecider;
import io.margay.agents.decide.Sessions;
import io.margay.agents.gateway.gate.Admission;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.OpenCalls;
import io.margay.agents.gateway.parts.AuditRecorder;
import io.margay.agents.gateway.parts.DeskHolds;
import io.margay.agents.registry.AgentRegistry;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.console.agents.AgentSources;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Agent;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A small company of agents, with the gateway's own registry, decider, desk and audit log, and
 * without its sockets: calls are made by saying so.
 */
final class LivelyAgents implements AutoCloseable {
  static final String ISSUER = "https://id.example.org";
  private static final String DOMAIN = "example.org";
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final CountDownLatch read = new CountDownLatch(1);
  private final PolicyDecider decider =
      new PolicyDecider("test", new Sessions(100, Duration.ofHours(1), Instant.EPOCH));
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Path folder;
  private final ApprovalDesk desk;
  private final DurableAuditLog audit;
  private final CallGate gate;
  private volatile RegistrySnapshot registry = AgentRegistry.snapshot(DOMAIN, List.of());

  final ResourceStore store = new MemoryStore();

  LivelyAgents(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    given(resource("/agents.yaml"));
    audit =
        add(
            DurableAuditLog.open(
                folder.resolve("audit"),
                AuditKeys.loadOrCreate(folder.resolve("keys"), "example.org/audit"),
                LogSettings.defaults(),
                Instant::now));
    desk = add(new ApprovalDesk(store, Instant::now, () -> "held-" + UUID.randomUUID(), 20));
    AuditRecorder recorder =
        add(
            new AuditRecorder(
                audit, id -> agent(id).map(a -> a.spec().owner()).orElse(""), Instant::now));
    DeskHolds holds =
        new DeskHolds(
            desk, audit, id -> agent(id).map(a -> a.metadata().name()).orElse(""), Instant::now);
    gate = new CallGate(decider, recorder, holds, new OpenCalls(100));
    add(ResourceStream.start(store, AgentRegistry.KINDS, new AgentRegistry(DOMAIN, this::take)));
    if (!read.await(30, TimeUnit.SECONDS)) {
      throw new IOException("the registry was not read");
    }
  }

  private <T extends AutoCloseable> T add(T part) {
    parts.push(part);
    return part;
  }

  private void take(RegistrySnapshot snapshot) {
    decider.take(snapshot);
    registry = snapshot;
    read.countDown();
  }

  private Optional<Agent> agent(String spiffeId) {
    return Optional.ofNullable(registry.bySpiffeId().get(spiffeId));
  }

  AgentSources sources() {
    return new AgentSources(store, () -> registry, decider, desk, folder.resolve("audit"), audit);
  }

  static String resource(String name) throws IOException {
    try (InputStream in = LivelyAgents.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("there is no " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Stores what a text says. */
  void given(String yaml) {
    Manifests.Result result = Manifests.read("agents", yaml);
    if (!result.ok()) {
      throw new IllegalArgumentException(result.problems().toString());
    }
    for (KubeObject object : result.objects()) {
      store.create(object);
    }
  }

  /** A task that somebody gave to agents: all of its calls have one trace. */
  record Task(String user, String trace, List<String> chain) {
    static Task of(String user, String... agents) {
      String trace = UUID.randomUUID().toString().replace("-", "");
      return new Task(user, trace, List.of(agents));
    }

    Task by(String... agents) {
      return new Task(user, trace, List.of(agents));
    }
  }

  /** Calls a tool; the last agent of the task's chain does. */
  Admission callTool(Task task, String server, String tool, String arguments) {
    return call(
        task, Protocol.MCP, "invokeTool", new Target(Target.Kind.TOOL, server, tool), arguments);
  }

  Admission sendMessage(Task task, String agent) {
    return call(task, Protocol.A2A, "sendMessage", new Target(Target.Kind.AGENT, agent, ""), "{}");
  }

  /** Calls a tool in a thread of its own, since people may have to be asked. */
  Future<Admission> callLater(Task task, String server, String tool, String arguments) {
    return callers.submit(() -> callTool(task, server, tool, arguments));
  }

  private Admission call(
      Task task, Protocol protocol, String action, Target target, String arguments) {
    List<String> chain =
        task.chain().stream().map(name -> "spiffe://" + DOMAIN + "/agent/" + name).toList();
    AgentCall call =
        new AgentCall(
            protocol,
            action,
            new Caller(
                chain.getLast(),
                task.user().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new User(ISSUER, task.user(), List.of("staff"))),
                chain,
                "",
                List.of()),
            target,
            json(arguments),
            new TraceContext(
                task.trace(), "0000000000000000", UUID.randomUUID().toString().replace("-", "")),
            Instant.now());
    Admission admission = gate.admit(call, _ -> PATIENCE);
    if (admission instanceof Admission.Admitted admitted) {
      gate.ended(admitted, call, "answered", 200, Duration.ofMillis(3));
    }
    return admission;
  }

  private static JsonNode json(String text) {
    try {
      return new JsonMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** A report through three agents, a snoop that is denied, and a search. */
  void work(String user) {
    Task task = Task.of(user, "assistant");
    sendMessage(task, "planner");
    sendMessage(task.by("assistant", "planner"), "analyst");
    callTool(task.by("assistant", "planner", "analyst"), "ledger", "read", "{}");
    callTool(Task.of(user, "intern"), "ledger", "post", "{\"amount\":1,\"to\":\"me\"}");
    callTool(Task.of(user, "researcher"), "web", "search", "{\"q\":\"weather\"}");
  }

  /** A payment that waits for people. */
  Future<Admission> pay(String user, long amount, String to) {
    String arguments = String.format(Locale.ROOT, "{\"amount\":%d,\"to\":\"%s\"}", amount, to);
    return callLater(Task.of(user, "payments"), "ledger", "post", arguments);
  }

  /** Who asked for changes of policies, as the audit log has it. */
  List<String> actorsOfPolicyChanges() throws IOException {
    return new AuditSearch(new LogFiles(folder.resolve("audit")))
        .find(AuditQuery.newest().with("kind", AuditKind.POLICY_CHANGE.name())).records().stream()
            .map(record -> record.event().actor())
            .toList();
  }

  /** How many calls wait for people. */
  int waiting() {
    return desk.load().open();
  }

  @Override
  public void close() {
    callers.shutdownNow();
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    store.close();
  }
}
