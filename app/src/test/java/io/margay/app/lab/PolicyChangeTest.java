package io.margay.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.margay.app.lab.application.Application;
import io.margay.app.lab.application.ApplicationReader;
import io.margay.app.lab.cluster.ClusterNetwork;
import io.margay.app.lab.cluster.ClusterObjects;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.cluster.ServiceProxy;
import io.margay.app.lab.traffic.Conversation;
import io.margay.app.lab.traffic.Conversations;
import io.margay.app.lab.traffic.Reach;
import io.margay.app.lab.traffic.SocketTraffic;
import io.margay.app.lab.traffic.VerdictLedger;
import io.margay.app.process.FlowGathering;
import io.margay.app.process.FlowsProcess;
import io.margay.app.process.LocalSignIn;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.Running;
import io.margay.app.state.StateFolder;
import io.margay.console.ConsoleConfig;
import io.margay.console.access.Permissions;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.flows.collect.FlowAddress;
import io.margay.store.apiserver.ApiServerConfig;
import io.margay.store.apiserver.EmbeddedApiServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kubectl applies a policy: new connections follow it at once, and why names it. */
@NeedsNamespaces
class PolicyChangeTest {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int SHORT_PATIENCE_MILLIS = 200;

  /** What users are promised, from the moment that kubectl says that it is done. */
  private static final Duration PROMISE = Duration.ofSeconds(1);

  private static final String DENY =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: no-search, namespace: shop}
      spec:
        order: 1
        selector: app == 'search'
        types: [Ingress]
        ingress:
          - action: Deny
            source: {selector: app == 'storefront'}
          - action: Pass
      """;

  @TempDir Path folder;
  private final Running running = new Running();

  @AfterEach
  void stop() {
    running.close();
  }

  @Test
  void aDenyPolicyFlipsNewConnections() throws Exception {
    assumeTrue(kubectl("version", "--client") == 0, "SKIPPED: no kubectl on the path");
    Application shop = ApplicationReader.bundled();
    ClusterPlan plan = ClusterPlan.of(shop, 2);
    EmbeddedApiServer api =
        running.add(
            EmbeddedApiServer.start(
                new ApiServerConfig(folder, ApiServerConfig.LOOPBACK, 0, List.of(), false)));
    ClusterObjects.of(shop, plan).stream()
        .filter(object -> api.store().get(object.key()).isEmpty())
        .forEach(api.store()::create);
    FlowsProcess flows = running.add(console(api));
    SocketTraffic traffic = traffic(plan, api);
    Conversation call = call(shop, plan, "storefront", "search");
    assertThat(traffic.call(call, port -> PATIENCE_MILLIS)).isInstanceOf(Reach.Answered.class);

    Path policy = Files.writeString(folder.resolve("deny.yaml"), DENY);
    String kubeconfig = "--kubeconfig=" + api.kubeconfig();
    assertThat(kubectl(kubeconfig, "apply", "--validate=false", "-f", policy.toString())).isZero();
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(PROMISE)
        .until(() -> traffic.call(call, port -> SHORT_PATIENCE_MILLIS) instanceof Reach.Silent);

    assertThat(why(flows, call)).contains("\"action\":\"Deny\"").contains("no-search");

    assertThat(kubectl(kubeconfig, "delete", "-f", policy.toString())).isZero();
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(PROMISE)
        .until(() -> traffic.call(call, port -> SHORT_PATIENCE_MILLIS) instanceof Reach.Answered);
  }

  private FlowsProcess console(EmbeddedApiServer api) throws IOException {
    return FlowsProcess.start(
        new FlowsProcess.Config(
            "test",
            "nftables",
            ConsoleConfig.loopback(0),
            new LocalSignIn(
                folder, LocalSignIn.passwords(new StateFolder(folder)), Permissions.LOOK),
            0,
            FlowGathering.Config.local(
                new FlowAddress.UnixSocket(folder.resolve("flows.sock")), null),
            Map::of,
            Map::of,
            List::of),
        api.store());
  }

  private SocketTraffic traffic(ClusterPlan plan, EmbeddedApiServer api) throws IOException {
    ClusterNetwork network = running.add(ClusterNetwork.build(plan));
    ServiceProxy.program(plan, network);
    VerdictLedger ledger = new VerdictLedger();
    for (LabNode node : plan.nodes()) {
      NodeProcess process =
          running.add(
              NodeProcess.nftables(
                  NftablesConfig.defaults(node.name()),
                  network.node(node),
                  event -> {},
                  ledger.node(node.name())));
      process.start(api.store());
    }
    for (LabNode node : plan.nodes()) {
      await().until(() -> ledger.enforces(node.name(), plan.endpoints(node)));
    }
    return running.add(SocketTraffic.start(network, plan.pods()));
  }

  private static Conversation call(
      Application application, ClusterPlan plan, String from, String service) {
    return Conversations.expected(application, plan).stream()
        .filter(c -> c.call().from().equals(from) && c.call().service().equals(service))
        .findFirst()
        .orElseThrow();
  }

  private static String why(FlowsProcess flows, Conversation call) throws Exception {
    URI question =
        flows
            .uri()
            .resolve(
                "/api/v1/why?from=%s&to=%s&port=%d"
                    .formatted(
                        call.from(),
                        call.backends().getFirst().pod(),
                        call.backends().getFirst().port()));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(question).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static int kubectl(String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("kubectl").inheritIO();
    builder.command().addAll(List.of(arguments));
    try {
      Process process = builder.start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException e) {
      System.err.println("SKIPPED: kubectl cannot be run: " + e.getMessage());
      return -1;
    }
  }
}
