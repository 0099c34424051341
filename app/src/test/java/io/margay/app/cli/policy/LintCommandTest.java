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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class LintCommandTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
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
      """;

  private static final String POLICIES =
      """
      apiVersion: projectcalico.org/v3
      kind: Tier
      metadata: {name: platform}
      spec: {order: 10, defaultAction: Pass}
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkPolicy
      metadata: {name: platform.no-telnet}
      spec:
        tier: platform
        selector: all()
        types: [Ingress]
        ingress:
        - {action: Deny, protocol: TCP, destination: {ports: [23]}}
        - {action: Pass}
      ---
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        selector: app == 'db'
        types: [Ingress]
        ingress:
        - {action: Allow, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: [5432]}}
        - {action: Allow, protocol: TCP, source: {nets: [10.0.0.1/32]}, destination: {ports: ['5430:5440']}}
        - {action: Allow, protocol: TCP, destination: {ports: [23]}}
        - {action: Allow, protocol: TCP, source: {selector: app == 'web'}, destination: {ports: ['5431:5433']}}
        - {action: Deny}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: cache, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: cache}}
        ingress: [{}]
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeCluster() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER);
    Files.writeString(folder.resolve("policies.yaml"), POLICIES);
  }

  @Test
  void eachRuleThatIsNotNeededComesWithWhatCoversIt() {
    assertThat(lint(folder.resolve("policies.yaml").toString())).as(err.toString()).isEqualTo(3);
    assertThat(out.toString())
        .isEqualTo(
            """
            RESULT      TIER       POLICY                                   RULE         COVERED BY
            redundant   default    CalicoNetworkPolicy shop/db              ingress[0]   CalicoNetworkPolicy shop/db rule 1 (tier default)
            shadowed    default    CalicoNetworkPolicy shop/db              ingress[2]   GlobalNetworkPolicy platform.no-telnet rule 0 (tier platform)
            shadowed    default    CalicoNetworkPolicy shop/db              ingress[3]   CalicoNetworkPolicy shop/db rule 0 (tier default)
                                                                                         CalicoNetworkPolicy shop/db rule 1 (tier default)
            redundant   default    CalicoNetworkPolicy shop/db              ingress[4]   end of tier default (because of CalicoNetworkPolicy shop/db)
            unmatched   default    NetworkPolicy shop/cache                 ingress[0]   -
            redundant   platform   GlobalNetworkPolicy platform.no-telnet   ingress[1]   end of tier platform (because of GlobalNetworkPolicy platform.no-telnet)

            2 shadowed, 3 redundant, 1 unmatched, 2 needed
            Each is judged with all others in place: take one away, then look again, since two may cover each other.
            """);
  }

  @Test
  void theJsonHasTheSame() throws IOException {
    assertThat(lint("-o", "json", folder.resolve("policies.yaml").toString())).isEqualTo(3);
    JsonNode json = new JsonMapper().readTree(out.toString());
    assertThat(json.path("needed").asInt()).isEqualTo(2);
    JsonNode shadowed = json.at("/items/2");
    assertThat(shadowed.path("result").asText()).isEqualTo("shadowed");
    assertThat(shadowed.path("rule_index").asInt()).isEqualTo(3);
    assertThat(shadowed.at("/covered_by/1/rule_index").asInt()).isEqualTo(1);
  }

  @Test
  void theExitStatusTellsWhatWasFound() throws IOException {
    Path needed = folder.resolve("cluster/policy.yaml");
    Files.writeString(
        needed,
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: db, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: db}}
          ingress:
          - from: [{podSelector: {matchLabels: {app: web}}}]
            ports: [{port: 5432}]
        """);
    assertThat(lint()).as(out + " " + err).isZero();
    assertThat(out.toString()).isEqualTo("0 shadowed, 0 redundant, 0 unmatched, 1 needed\n");
    Files.writeString(needed, Files.readString(needed).replace("app: db", "app: nobody"));
    assertThat(lint()).isEqualTo(4);
    assertThat(lint(folder.resolve("missing").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("missing");
  }

  private int lint(String... arguments) {
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all =
        new ArrayList<>(List.of("policy", "lint", "--from", folder.resolve("cluster").toString()));
    all.addAll(List.of(arguments));
    return line.execute(all.toArray(String[]::new));
  }
}
