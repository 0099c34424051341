package io.margay.app.agents.conformance;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.margay.app.process.Running;
import io.margay.model.manifest.Manifests;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A gateway with all its checks, an agent and a person who may call tools, and a way in for
 * programs that know of neither.
 */
final class GuardedTools implements AutoCloseable {
  private static final String DOMAIN = "conformance.example";

  private static final String RESOURCES =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: work}
      spec: {order: 100}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: suite}
      spec: {owner: dana, purpose: Tests, riskLevel: low, environment: lab, version: "1"}
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: tools}
      spec:
        tier: work
        cedar: |
          permit(principal == Agent::"suite", action == Action::"invokeTool", resource)
            when { context.has_user }
            unless { resource.name == "wipe_everything" };
      ---
      apiVersion: agents.margay.io/v1alpha1
      kind: AgentPolicy
      metadata: {name: what-comes-with-tools}
      spec:
        tier: work
        cedar: |
          permit(
            principal == Agent::"suite",
            action in [
              Action::"initialize", Action::"discover", Action::"ping", Action::"listen",
              Action::"subscribe", Action::"setLogLevel", Action::"complete",
              Action::"listTools", Action::"listResources", Action::"listPrompts",
              Action::"readResource", Action::"getPrompt"],
            resource)
            when { context.has_user };
      """;

  private final Running running = new Running();
  private final MemoryStore store = new MemoryStore();
  private final Sidecar sidecar;
  private final AgentGateway gateway;

  GuardedTools(Path state) throws IOException {
    InstantSource clock = InstantSource.system();
    try {
      sidecar = running.add(new Sidecar());
      String name = sidecar.uri().toString();
      EmbeddedIssuer issuer =
          running.add(
              EmbeddedIssuer.start(
                  0,
                  Map.of("alice", new EmbeddedIssuer.Person("hers", List.of(), Set.of("tools"))),
                  name,
                  clock));
      SpiffeAuthority authority =
          SpiffeAuthority.open(state.resolve("spiffe"), SpiffeAuthority.Config.of(DOMAIN), clock);
      X509Svids svids = new X509Svids(authority::bundles, clock);
      create(RESOURCES);
      gateway =
          running.add(
              AgentGateway.start(
                  store,
                  new AgentGateway.Settings(
                      state.resolve("gateway"), name, DOMAIN, "lab", "127.0.0.1", 0),
                  new AgentGateway.Trust(
                      svid(authority, "gateway"),
                      svids,
                      new JwtSvids(authority::bundles, clock, Duration.ofSeconds(10)),
                      List.of(TrustedIssuer.discovered(issuer.issuer(), name))),
                  new AgentGateway.Models(_ -> Optional.empty()),
                  clock));
      sidecar.start(
          new Sidecar.Way(
              gateway.uri(),
              SpiffeTls.context(svid(authority, "agent/suite"), svids),
              issuer.token("alice", Set.of("tools"))));
      awaitIdentity();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A test ends long before its certificates. */
  private static Supplier<IssuedX509> svid(SpiffeAuthority authority, String path) {
    IssuedX509 svid = authority.issueX509(SpiffeId.of("spiffe://" + DOMAIN + "/" + path));
    return () -> svid;
  }

  private void create(String text) throws IOException {
    Manifests.Result read = Manifests.read("conformance.yaml", text);
    if (!read.ok()) {
      throw new IOException("the resources are wrong: " + read.problems());
    }
    read.objects().forEach(store::create);
  }

  /**
   * Puts a tool server into the registry.
   *
   * @param tools definitions of its tools; one that is only a name is not pinned
   * @return its address for programs without identity
   */
  URI register(String name, URI server, JsonNode tools) throws IOException {
    StringBuilder declared = new StringBuilder();
    for (JsonNode tool : tools) {
      declared.append(
          tool.isTextual()
              ? "    - {name: %s}\n".formatted(tool.asText())
              : "    - {name: %s, definitionHash: \"sha256:%s\"}\n"
                  .formatted(tool.path("name").asText(), ToolPins.hash(tool)));
    }
    create(
        """
        apiVersion: agents.margay.io/v1alpha1
        kind: ToolServer
        metadata: {name: %s}
        spec:
          url: "%s"
          owner: dana
          tools:
        %s\
        """
            .formatted(name, server, declared));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> gateway.registry().toolServers().containsKey(name));
    return sidecar.uri().resolve("/mcp/" + name);
  }

  /** Waits until the gateway knows its caller: it reads the issuer's keys when it needs them. */
  private void awaitIdentity() {
    HttpRequest request =
        HttpRequest.newBuilder(sidecar.uri().resolve("/mcp/nothing"))
            .POST(HttpRequest.BodyPublishers.noBody())
            .build();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      await()
          .atMost(Duration.ofMinutes(1))
          .ignoreExceptions()
          .until(
              () -> client.send(request, BodyHandlers.discarding()).statusCode(),
              status -> status == 404);
    }
  }

  @Override
  public void close() {
    running.close();
    store.close();
  }
}
