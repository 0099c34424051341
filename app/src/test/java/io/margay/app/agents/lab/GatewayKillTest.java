package io.margay.app.agents.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.approval.Approver;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.workload.WorkloadApiClient;
import io.margay.app.Main;
import io.margay.app.agents.lab.GatewayClient.Task;
import io.margay.model.manifest.Manifests;
import io.margay.model.resource.Approval;
import io.margay.store.ResourceStore;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL of {@code margay gateway} under load: what reached the tool server is in the audit log,
 * no held call is lost, and the log verifies.
 */
@Timeout(400)
class GatewayKillTest {
  private static final String NAME = "https://gateway.kill.example";
  private static final Duration START = Duration.ofSeconds(90);
  private static final int KILLS = 3;
  private static final int CALLERS = 4;
  private static final int HELD_PER_LIFE = 3;

  private static final String RESOURCES =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: work}
      spec: {order: 100}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: worker}
      spec: {owner: dana, purpose: Works, riskLevel: low, environment: lab, version: "1"}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: ledger}
      spec: {url: "%s", owner: dana, tools: [{name: read}, {name: post}]}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: reads}
      spec:
        tier: work
        cedar: |
          permit(principal == Agent::"worker", action == Action::"invokeTool", resource == Tool::"ledger/read")
            when { context.has_user };
          @hold("approvers=treasury;count=1;seconds=900")
          permit(principal == Agent::"worker", action == Action::"invokeTool", resource == Tool::"ledger/post")
            when { context.has_user };
      """;

  @TempDir Path folder;

  private final AtomicLong numbers = new AtomicLong();
  private final Set<Integer> held = new TreeSet<>();
  private final Random random = new Random(42);
  private EmbeddedApiServer api;
  private EmbeddedIssuer issuer;
  private LabToolServer ledger;
  private Process gateway;
  private GatewayClient client;
  private SSLContext tls;

  @BeforeEach
  void start() throws Exception {
    ledger =
        new LabToolServer(
            List.of(
                new LabToolServer.Tool("read", "1000", Map.of()),
                new LabToolServer.Tool("post", "posted", Map.of())));
    api =
        EmbeddedApiServer.start(
            new ApiServerConfig(
                folder.resolve("api"), ApiServerConfig.LOOPBACK, 0, List.of(), false));
    issuer =
        EmbeddedIssuer.start(
            0,
            Map.of("alice", new EmbeddedIssuer.Person("hers", List.of(), Set.of("tools"))),
            NAME,
            InstantSource.system());
    Manifests.Result read = Manifests.read("kill.yaml", RESOURCES.formatted(ledger.uri()));
    assertThat(read.problems()).isEmpty();
    read.objects().forEach(api.store()::create);
    Files.writeString(
        folder.resolve("registrations.json"),
        """
        [{"spiffeId": "spiffe://kill.example/agent/worker", "selectors": ["unix:uid:%s"]}]
        """
            .formatted(Files.getAttribute(folder, "unix:uid")));
  }

  @AfterEach
  void stop() throws Exception {
    if (gateway != null) {
      gateway.destroyForcibly().waitFor();
    }
    if (client != null) {
      client.close();
    }
    issuer.close();
    api.close();
    ledger.close();
  }

  private Path state() {
    return folder.resolve("gateway");
  }

  private void startGateway() throws Exception {
    gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx400m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.margay.app.Main",
                "gateway",
                "--name=" + NAME,
                "--trust-domain=kill.example",
                "--issuer=" + issuer.issuer(),
                "--registrations=" + folder.resolve("registrations.json"),
                "--state=" + state(),
                "--port=0",
                "--kubeconfig=" + api.kubeconfig())
            .redirectErrorStream(true)
            .start();
    CompletableFuture<URI> address = new CompletableFuture<>();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(gateway.getInputStream(), StandardCharsets.UTF_8));
    Thread.startVirtualThread(() ->
        output
            .lines()
            .peek(line -> System.out.println("gateway process: " + line))
            .filter(line -> line.contains(" listens at "))
            .forEach(
                line -> address.complete(URI.create(line.substring(line.lastIndexOf(' ') + 1)))));
    URI uri = address.get(START.toMillis(), TimeUnit.MILLISECONDS);
    if (tls == null) {
      tls = identity();
    }
    client = new GatewayClient(uri, tls);
    await().atMost(START).ignoreExceptions().until(() -> call("read", "ready").has("result"));
  }

  /** The worker's identity, from the Workload API that the gateway serves; it outlives a kill. */
  private SSLContext identity() {
    try (WorkloadApiClient workload =
        WorkloadApiClient.connect(state().resolve("workload-api.sock"))) {
      await().atMost(START).until(() -> workload.current().isPresent());
      WorkloadApiClient.Identity identity = workload.current().orElseThrow();
      return SpiffeTls.context(
          () -> identity.svids().getFirst(),
          new X509Svids(identity::bundles, InstantSource.system()));
    }
  }

  private JsonNode call(String tool, String number) throws IOException, InterruptedException {
    Task task = Task.begin(issuer.token("alice", Set.of("tools")));
    ObjectNode arguments = LoopbackServer.JSON.createObjectNode().put("number", number);
    return client.callTool(task, "ledger", tool, arguments);
  }

  /** Calls without a pause until the gateway is killed. */
  private void loadUntilKilled() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Set<Thread> threads = new HashSet<>();
    for (int i = 0; i < CALLERS; i++) {
      threads.add(
          Thread.startVirtualThread(() -> {
            while (!over.get()) {
              tryCall("read", Long.toString(numbers.incrementAndGet()));
            }
          }));
    }
    for (int i = 0; i < HELD_PER_LIFE; i++) {
      int number = held.size();
      held.add(number);
      threads.add(Thread.startVirtualThread(() -> tryCall("post", "held " + number)));
    }
    await().atMost(START).until(() -> pending().size() == held.size());
    long before = ledger.hops().size();
    await().atMost(START).until(() -> ledger.hops().size() > before + CALLERS);
    Thread.sleep(random.nextInt(1_500));
    gateway.destroyForcibly().waitFor();
    over.set(true);
    client.close();
    for (Thread thread : threads) {
      assertThat(thread.join(START)).isTrue();
    }
  }

  private void tryCall(String tool, String number) {
    try {
      call(tool, number);
    } catch (IOException e) {
      // The gateway was killed meanwhile; what the caller was told is not the question here.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Set<String> pending() {
    try (ApprovalDesk desk = desk(api.store())) {
      return desk.list().stream()
          .filter(approval -> desk.stateOf(approval) == Approval.State.PENDING)
          .map(approval -> approval.metadata().name())
          .collect(Collectors.toSet());
    }
  }

  private static ApprovalDesk desk(ResourceStore store) {
    return new ApprovalDesk(
        store,
        InstantSource.system(),
        () -> {
          throw new IllegalStateException("a test asks for no approval");
        },
        0);
  }

  @Test
  void whatReachedTheToolsIsRecordedAndWhatWaitedStillWaits() throws Exception {
    for (int life = 0; life < KILLS; life++) {
      startGateway();
      loadUntilKilled();
    }
    startGateway();
    assertThat(pending()).hasSize(held.size());
    approveAll();
    long before = ledger.hops().size();
    for (int number : held) {
      assertThat(call("post", "held " + number).at("/result/content/0/text").asText())
          .isEqualTo("posted");
    }
    assertThat(ledger.hops()).hasSize((int) before + held.size());
    client.close();
    gateway.destroy();
    assertThat(gateway.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();

    Path log = state().resolve("audit");
    AuditFacts facts = new AuditFacts(log);
    assertThat(ledger.hops()).hasSizeGreaterThan(KILLS * CALLERS);
    assertThat(facts.withoutRecord(ledger.hops())).isZero();
    assertThat(facts.verify().isVerified()).isTrue();
    assertThat(Main.commandLine().execute("audit", "verify", log.toString())).isZero();
  }

  private void approveAll() throws Exception {
    try (ApprovalDesk desk = desk(api.store())) {
      for (String name : pending()) {
        desk.decide(name, new Approver("", "tom", Set.of("treasury")), true, "");
      }
    }
    await().atMost(START).until(() -> pending().isEmpty());
  }
}
