package io.margay.app.agents.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import io.margay.agents.approval.ApprovalWebhook;
import io.margay.agents.gateway.http.SpiffeTls;
import io.margay.agents.gateway.http.UpstreamAuthorities;
import io.margay.agents.gateway.parts.AgentGateway;
import io.margay.agents.gateway.parts.Upkeep;
import io.margay.agents.identity.http.EmbeddedIssuer;
import io.margay.agents.identity.spiffe.X509Svids;
import io.margay.agents.identity.user.TrustedIssuer;
import io.margay.agents.identity.workload.WorkloadApiClient;
import io.margay.app.Main;
import io.margay.app.agents.lab.GatewayClient.Task;
import io.margay.app.process.AgentsConsole;
import io.margay.app.process.GatewayProcess;
import io.margay.app.process.LocalSignIn;
import io.margay.app.process.Running;
import io.margay.app.state.ConsoleToken;
import io.margay.app.state.StateFolder;
import io.margay.console.ConsoleConfig;
import io.margay.console.access.Permissions;
import io.margay.model.manifest.Manifests;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A call that two people have to approve: the webhook tells of it, one says yes with the command,
 * the other on the page's API, and only then it reaches the tool.
 */
@Timeout(180)
class ApprovalByTwoTest {
  private static final String NAME = "https://gateway.two.example";
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RESOURCES =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: worker}
      spec: {owner: dana, purpose: Works, riskLevel: low, environment: lab, version: "1"}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: ToolServer
      metadata: {name: ledger}
      spec: {url: "%s", owner: dana, tools: [{name: post}]}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: two-people}
      spec:
        cedar: |
          @hold("approvers=treasury;count=2;seconds=900;webhook=hash")
          permit(principal == Agent::"worker", action == Action::"invokeTool", resource == Tool::"ledger/post")
            when { context.has_user };
      """;

  @TempDir Path folder;

  private final Running running = new Running();
  private final Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
  private LabToolServer ledger;
  private EmbeddedApiServer api;
  private EmbeddedIssuer issuer;
  private GatewayProcess gateway;
  private GatewayClient client;

  @BeforeEach
  void start() throws Exception {
    ledger =
        running.add(new LabToolServer(List.of(new LabToolServer.Tool("post", "posted", Map.of()))));
    api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(
                    folder.resolve("api"), ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    issuer =
        running.add(
            EmbeddedIssuer.start(
                0,
                Map.of("alice", new EmbeddedIssuer.Person("hers", List.of(), Set.of("tools"))),
                NAME,
                InstantSource.system()));
    Manifests.Result read = Manifests.read("two.yaml", RESOURCES.formatted(ledger.uri()));
    assertThat(read.problems()).isEmpty();
    read.objects().forEach(api.store()::create);
    Path registrations =
        Files.writeString(
            folder.resolve("registrations.json"),
            """
            [{"spiffeId": "spiffe://two.example/agent/worker", "selectors": ["unix:uid:%s"]}]
            """
                .formatted(Files.getAttribute(folder, "unix:uid")));
    AgentGateway.Settings settings =
        new AgentGateway.Settings(
            folder.resolve("gateway"), NAME, "two.example", "lab", "127.0.0.1", 0);
    StateFolder state = new StateFolder(folder.resolve("state"));
    gateway =
        running.add(
            GatewayProcess.start(
                api.store(),
                new GatewayProcess.Config(
                    settings,
                    List.of(TrustedIssuer.discovered(issuer.issuer(), NAME)),
                    UpstreamAuthorities.PUBLIC,
                    new GatewayProcess.Identity.Own(registrations),
                    null,
                    new AgentsConsole.Config(
                        ConsoleConfig.loopback(0),
                        new LocalSignIn(
                            state.root(), LocalSignIn.passwords(state), Permissions.NONE)),
                    Optional.of(new ApprovalWebhook.Target(webhook(), "0123456789abcdef")),
                    Upkeep.Keep.usual(),
                    "gateway-a")));
    client = new GatewayClient(gateway.uri(), identity(GatewayProcess.socket(settings)));
  }

  @AfterEach
  void stop() {
    if (client != null) {
      client.close();
    }
    running.close();
  }

  private URI webhook() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          told.add(LoopbackServer.JSON.readTree(exchange.getRequestBody()));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    running.add(() -> server.stop(0));
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private static SSLContext identity(Path socket) {
    try (WorkloadApiClient workload = WorkloadApiClient.connect(socket)) {
      await().atMost(PATIENCE).until(() -> workload.current().isPresent());
      WorkloadApiClient.Identity identity = workload.current().orElseThrow();
      return SpiffeTls.context(
          () -> identity.svids().getFirst(),
          new X509Svids(identity::bundles, InstantSource.system()));
    }
  }

  private CompletableFuture<JsonNode> call() {
    return CompletableFuture.supplyAsync(
        () -> {
          Task task = Task.begin(issuer.token("alice", Set.of("tools")));
          ObjectNode arguments = LoopbackServer.JSON.createObjectNode().put("amount", 100);
          try {
            JsonNode answer = client.callTool(task, "ledger", "post", arguments);
            while (!answer.has("result")) {
              // The gateway has not read its registry yet, or not the issuer's keys.
              Thread.sleep(50);
              answer = client.callTool(task, "ledger", "post", arguments);
            }
            return answer;
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private String command(String... arguments) {
    StringWriter out = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
    line.execute(arguments);
    return out.toString();
  }

  private String approve(String name, String person) {
    return command(
        "agents",
        "approvals",
        "approve",
        name,
        "--as",
        person,
        "--group",
        "treasury",
        "--kubeconfig",
        api.kubeconfig().toString());
  }

  private JsonNode console(String method, String path) throws Exception {
    String base = gateway.console().orElseThrow().uri().toString().replaceFirst("/$", "");
    ConsoleToken token =
        ConsoleToken.find(new StateFolder(folder.resolve("state")), base).orElseThrow();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + "/api/v1/agents/approvals" + path))
            .header("Authorization", "Bearer " + token.token());
    if (method.equals("POST")) {
      request.header("Content-Type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofString("{}"));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      return LoopbackServer.JSON.readTree(
          http.send(request.build(), BodyHandlers.ofString()).body());
    }
  }

  @Test
  void theCallGoesOnWhenTwoPeopleHaveSaidYes() throws Exception {
    CompletableFuture<JsonNode> answer = call();
    await().atMost(PATIENCE).until(() -> !told.isEmpty());
    JsonNode message = told.remove();
    assertThat(message.path("target").asText()).isEqualTo("TOOL ledger/post");
    assertThat(message.path("argumentsHash").asText()).hasSize(64);
    assertThat(message.has("arguments")).isFalse();

    String name = message.path("approval").asText();
    assertThat(approve(name, "sue")).isEqualTo(name + " is pending\n");
    assertThat(approve(name, "sue")).contains("sue has decided about this call already");
    JsonNode pending = console("GET", "").path("pending");
    assertThat(pending).hasSize(1);
    assertThat(pending.at("/0/votes")).hasSize(1);
    assertThat(ledger.hops()).isEmpty();

    assertThat(console("POST", "/" + name + "/approve").path("state").asText())
        .isEqualTo("APPROVED");

    JsonNode result = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(result.at("/result/content/0/text").asText())
        .as(result.toString())
        .isEqualTo("posted");
    assertThat(ledger.hops()).hasSize(1);
    JsonNode after = console("GET", "");
    assertThat(after.path("pending")).isEmpty();
    assertThat(after.at("/decided/0/state").asText()).isEqualTo("USED");
    assertThat(after.at("/decided/0/votes")).hasSize(2);
  }
}
