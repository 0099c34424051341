package io.margay.app.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ProveCommandTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {env: prod}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: lab, labels: {env: dev}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: try, namespace: lab, labels: {app: try}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.1.1}]}
      ---
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        selector: app == 'db'
        types: [Ingress]
        ingress:
        - action: Allow
          protocol: TCP
          source: {selector: app == 'web'}
          destination: {ports: [5432]}
        - action: Allow
          protocol: TCP
          source: {nets: [10.0.1.0/24, 203.0.113.0/28]}
          destination: {ports: [5430:5431]}
      """;

  private static final String ASSERTIONS =
      """
      # what the shop relies on
      always app == "web" -> app == "db" : tcp/5432
      never app == "web" -> app == "db" : tcp/1-5431, udp
      never namespace(env == "dev") -> namespace(env == "prod") && app == "db"
      only {app == "web", namespace(env == "dev")} -> app == "db"
      never app == "wbe" -> app == "db"
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeCluster() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER);
  }

  @Test
  void proofsAndCounterexamplesAreToldWithTheirChains() throws IOException {
    Path file = Files.writeString(folder.resolve("assertions"), ASSERTIONS);
    assertThat(prove(file.toString())).as(err.toString()).isEqualTo(3);
    assertThat(out.toString())
        .isEqualTo(
            """
            PROVEN   always app == "web" -> app == "db" : tcp/5432
            PROVEN   never app == "web" -> app == "db" : tcp/1-5431, udp
            FAILED   never namespace(env == "dev") -> namespace(env == "prod") && app == "db"
                lab/try (10.0.1.1) -> shop/db (10.0.0.2) tcp/5430 (from port 40000): Allow
                  egress at lab/try
                    => Allow  profile kns.lab
                  ingress at shop/db
                    => Allow  CalicoNetworkPolicy shop/db rule 1 (tier default)
            FAILED   only {app == "web", namespace(env == "dev")} -> app == "db"
                10.0.1.0 (in 10.0.1.0/24) -> shop/db (10.0.0.2) tcp/5430 (from port 40000): Allow
                  ingress at shop/db
                    => Allow  CalicoNetworkPolicy shop/db rule 1 (tier default)
            WARNING  never app == "wbe" -> app == "db"
                app == "wbe" matches nothing
            2 proven, 1 with warnings, 2 failed
            """);
  }

  @Test
  void theExitStatusTellsWarningsFromProofs() {
    assertThat(prove("never app == 'nobody' -> any")).isEqualTo(4);
    assertThat(prove("always app == 'web' -> app == 'db' : tcp/5432")).isZero();
    assertThat(prove("only {} -> app == 'db' : udp")).isZero();
    assertThat(prove("never outside -> app == 'db' : udp", "never any -> app == 'db'"))
        .isEqualTo(3);
  }

  @Test
  void assertionsOfTheClusterAreProvenLikeOthers() throws IOException {
    assertThat(prove()).isEqualTo(2);
    assertThat(err.toString()).contains("write an assertion, name a file, or give --assertions");
    assertThat(prove("--assertions")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no PolicyAssertion to prove");
    Files.writeString(
        folder.resolve("cluster/walls.yaml"),
        """
        apiVersion: policy.margay.io/v1alpha1
        kind: PolicyAssertion
        metadata: {name: walls}
        spec:
          assertions:
          - "always app == 'web' -> app == 'db' : tcp/5432"
          - never namespace(env == 'dev') -> app == 'db'
        """);
    assertThat(prove("--assertions", "never any -> app == 'db' : udp")).isEqualTo(3);
    assertThat(out.toString())
        .startsWith("PROVEN   never any -> app == 'db' : udp\nPROVEN   always app == 'web'")
        .contains("FAILED   never namespace(env == 'dev') -> app == 'db'\n")
        .endsWith("2 proven, 0 with warnings, 1 failed\n");
  }

  @Test
  void addressesOutsideAreNotForgotten() throws IOException {
    assertThat(prove("-o", "json", "never 203.0.113.0/24 -> app == 'db'")).isEqualTo(3);
    JsonNode found = new JsonMapper().readTree(out.toString()).at("/assertions/0/counterexample");
    assertThat(found.path("from").asText()).isEqualTo("203.0.113.1 (in 203.0.113.0/28)");
    assertThat(found.path("port").asInt()).isEqualTo(5430);
    assertThat(found.at("/steps/0/policies/0/rule_index").asInt()).isEqualTo(1);
    assertThat(prove("never 203.0.113.16/28 -> app == 'db'")).isZero();
  }

  @Test
  void allThatIsWrongIsSaidWithItsLine() throws IOException {
    Path file = Files.writeString(folder.resolve("wrong"), "never any\n\nalways any -> b = c\n");
    assertThat(prove(file.toString())).isEqualTo(1);
    assertThat(err.toString()).contains("wrong, line 1: ").contains("wrong, line 3: ");
    assertThat(prove(folder.resolve("missing").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("missing: there is no such file");
  }

  private int prove(String... arguments) {
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = new String[arguments.length + 4];
    System.arraycopy(
        new String[] {"policy", "prove", "--from", folder.resolve("cluster").toString()},
        0,
        all,
        0,
        4);
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return line.execute(all);
  }
}
