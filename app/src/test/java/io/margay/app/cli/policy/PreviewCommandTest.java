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

class PreviewCommandTest {
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
      metadata: {name: web-1, generateName: web-, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web-2, generateName: web-, namespace: shop, labels: {app: web}}
      spec: {nodeName: n2, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.2.1}]}
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
          source: {nets: [203.0.113.0/28]}
          destination: {ports: [5430:5431]}
      """;

  /** The lab gets in, the web only from the first node, and nobody from outside. */
  private static final String CHANGE =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        selector: app == 'db'
        types: [Ingress]
        ingress:
        - action: Allow
          protocol: TCP
          source: {namespaceSelector: env == 'dev'}
          destination: {ports: [5432:5433]}
        - action: Allow
          protocol: TCP
          source: {nets: [10.0.0.0/24]}
          destination: {ports: [5432]}
      """;

  private static final String RULE_1 =
      """
      {"kind": "CalicoNetworkPolicy", "name": "db", "namespace": "shop", "tier": "default",
       "action": "Allow", "policy_index": 0, "rule_index": 1, "trigger": null}\
      """;

  private static final String FLOWS =
      String.join(
          "\n",
          "{\"items\": [",
          flow("web-*", "shop", "WorkloadEndpoint", 5432, "Allow", 120) + ",",
          flow("try", "lab", "WorkloadEndpoint", 5432, "Deny", 3) + ",",
          flow("try", "lab", "WorkloadEndpoint", 80, "Deny", 4) + ",",
          flow("old", "lab", "WorkloadEndpoint", 5432, "Deny", 1) + ",",
          flow("PUBLIC NETWORK", "-", "Network", 5430, "Allow", 2)
                  .replace("\"Dst\"", "\"Dst\", \"policies\": {\"enforced\": [" + RULE_1 + "]}")
              + ",",
          flow("PUBLIC NETWORK", "-", "Network", 5431, "Allow", 5) + ",",
          flow("PUBLIC NETWORK", "-", "Network", 22, "Deny", 9),
          "]}");

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static String flow(
      String name, String namespace, String type, int port, String action, int connections) {
    return """
    {"start_time": "2026-11-27T10:00:00Z", "end_time": "2026-11-27T10:00:15Z", "action": "%s",
     "pending_action": "%s", "source_name": "%s", "source_namespace": "%s", "source_type": "%s",
     "dest_name": "db", "dest_namespace": "shop", "dest_type": "WorkloadEndpoint",
     "dest_port": %d, "protocol": "tcp", "reporter": "Dst", "connections_started": %d}\
    """
        .formatted(action, action, name, namespace, type, port, connections);
  }

  @BeforeEach
  void writeCluster() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER);
    Files.writeString(folder.resolve("change.yaml"), CHANGE);
    Files.writeString(folder.resolve("flows.json"), FLOWS);
  }

  @Test
  void everyVerdictThatTurnsIsToldWithItsRules() {
    assertThat(preview("-f", "change.yaml", "--flows", "flows.json"))
        .as(err.toString())
        .isEqualTo(3);
    assertThat(out.toString())
        .isEqualTo(
            """
            update networkpolicy shop/db

            Recorded: 7 conversations, 144 connections
            CHANGE              CONNS   FROM             TO        TRAFFIC    DECIDES NOW                                                    THEN
            allowed -> denied   2       PUBLIC NETWORK   shop/db   tcp/5430   CalicoNetworkPolicy shop/db rule 1 (tier default)              end of tier default (because of CalicoNetworkPolicy shop/db)
            denied -> allowed   3       lab/try          shop/db   tcp/5432   end of tier default (because of CalicoNetworkPolicy shop/db)   CalicoNetworkPolicy shop/db rule 0 (tier default)
            unknown             120     shop/web-*       shop/db   tcp/5432   depends on which pod of shop/web-* it was
            unknown             5       PUBLIC NETWORK   shop/db   tcp/5431   depends on which outside address of PUBLIC NETWORK it was
            unknown             1       lab/old          shop/db   tcp/5432   depends on where lab/old was: it is gone
            1 allowed -> denied, 1 denied -> allowed, 3 unknown

            All traffic of the endpoints there are, and from where to where:
            CHANGE              PAIRS   FROM             TO        TRAFFIC         DECIDES NOW                                                    THEN
            allowed -> denied   1       shop/web-*       shop/db   tcp/5432        CalicoNetworkPolicy shop/db rule 0 (tier default)              end of tier default (because of CalicoNetworkPolicy shop/db)
            allowed -> denied   1       203.0.113.0/28   shop/db   tcp/5430-5431   CalicoNetworkPolicy shop/db rule 1 (tier default)              end of tier default (because of CalicoNetworkPolicy shop/db)
            denied -> allowed   1       lab/try          shop/db   tcp/5432-5433   end of tier default (because of CalicoNetworkPolicy shop/db)   CalicoNetworkPolicy shop/db rule 0 (tier default)
            denied -> allowed   1       10.0.0.0/24      shop/db   tcp/5432        end of tier default (because of CalicoNetworkPolicy shop/db)   CalicoNetworkPolicy shop/db rule 1 (tier default)
            """);
  }

  @Test
  void nothingTurnsWhereNothingMatches() throws IOException {
    Files.writeString(
        folder.resolve("other.yaml"),
        CHANGE.replace("name: db", "name: other").replace("'db'", "'x'"));
    assertThat(preview("-f", "other.yaml")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("create networkpolicy shop/other", "no verdict turns");
    assertThat(preview("-f", "other.yaml", "--flows", "flows.json"))
        .as("one pod is gone, so its flow could be judged otherwise")
        .isEqualTo(4);
  }

  @Test
  void podsThatAreGoneAreJudgedByTheirLabelsWhereTheseSuffice() throws IOException {
    Files.writeString(
        folder.resolve("gone.json"),
        "{\"items\": ["
            + String.join(
                ",",
                labelled(flow("gone-*", "lab", "WorkloadEndpoint", 5433, "Deny", 1), "app=try"),
                labelled(flow("older-*", "shop", "WorkloadEndpoint", 5432, "Allow", 2), "app=web"),
                labelled(flow("try", "nowhere", "WorkloadEndpoint", 5433, "Deny", 1), "app=try"))
            + "]}");
    assertThat(preview("-f", "change.yaml", "--flows", "gone.json"))
        .as(err.toString())
        .isEqualTo(3);
    assertThat(out.toString())
        .containsPattern(
            "denied -> allowed +1 +lab/gone-\\* +shop/db +tcp/5433 +end of tier default .*"
                + " CalicoNetworkPolicy shop/db rule 0 ")
        .containsPattern(
            "unknown +2 +shop/older-\\* +shop/db +tcp/5432 +depends on the address of"
                + " shop/older-\\* and the names of its ports: it is gone")
        .containsPattern(
            "unknown +1 +nowhere/try +shop/db +tcp/5433 +depends on where nowhere/try was: it is"
                + " gone");
  }

  private static String labelled(String flow, String labels) {
    return flow.replace(
        "\"Dst\"",
        "\"Dst\", \"source_labels\": \""
            + labels
            + " | projectcalico.org/serviceaccount=default\"");
  }

  @Test
  void deletionsTiersSetsAndLabelsAreChangesToo() throws IOException {
    assertThat(preview("-n", "shop", "--delete", "np/db")).isEqualTo(3);
    assertThat(out.toString()).contains("delete networkpolicy shop/db", "denied -> allowed");
    Files.writeString(
        folder.resolve("label.yaml"),
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: shop, labels: {app: old}}
        spec: {containers: [{name: main, image: x}]}
        """);
    assertThat(preview("-f", "label.yaml")).as(err.toString()).isEqualTo(3);
    assertThat(out.toString()).contains("allowed -> denied   1");
    assertThat(preview("-f", "label.yaml", "-n", "shop", "--delete", "pod/db")).isEqualTo(1);
    assertThat(err.toString()).contains("pod shop/db: only policies");
    assertThat(preview("--delete", "np/none")).isEqualTo(1);
    assertThat(err.toString()).contains("networkpolicy default/none does not exist");
  }

  @Test
  void expectedChangesPassAndOthersDoNot() throws IOException {
    Files.writeString(
        folder.resolve("expected"),
        """
        # who moves
        allow namespace(env == 'dev') -> app == 'db' : tcp/5432-5433
        allow 10.0.0.0/24 -> app == 'db' : tcp/5432
        deny app == 'web' -> app == 'db'
        deny outside -> app == 'db'
        """);
    assertThat(preview("-f", "change.yaml", "--expect", "expected")).as(out.toString()).isZero();
    assertThat(out.toString()).contains("allowed -> denied (expected)");
    Files.writeString(folder.resolve("fewer"), "deny app == 'web' -> app == 'db' : tcp/5432\n");
    assertThat(preview("-f", "change.yaml", "--expect", "fewer")).isEqualTo(3);
    Files.writeString(
        folder.resolve("more"),
        Files.readString(folder.resolve("expected")) + "deny any -> app == 'try'\n");
    assertThat(preview("-f", "change.yaml", "--expect", "more")).isEqualTo(3);
    assertThat(out.toString()).contains("nothing of it happens: deny any -> app == 'try'");
  }

  @Test
  void pipelinesGetJsonAndJunit() throws IOException {
    assertThat(preview("-f", "change.yaml", "--flows", "flows.json", "-o", "json")).isEqualTo(3);
    JsonNode report = new JsonMapper().readTree(out.toString());
    assertThat(report.at("/flows/denied_to_allowed").asInt()).isEqualTo(1);
    assertThat(report.at("/flows/unknown").asInt()).isEqualTo(3);
    assertThat(report.at("/endpoints/items/1/example/port").asInt()).isEqualTo(5430);
    assertThat(preview("-f", "change.yaml", "--flows", "flows.json", "-o", "junit")).isEqualTo(3);
    assertThat(out.toString())
        .contains("<failure message=\"3 connections\"/>")
        .contains("<skipped message=\"depends on which pod of shop/web-* it was\"/>");
  }

  @Test
  void stagedPoliciesAreJudgedAsIfTheyWereEnforced() throws IOException {
    Files.writeString(
        folder.resolve("staged.yaml"),
        CHANGE.replace("kind: NetworkPolicy", "kind: StagedNetworkPolicy"));
    assertThat(preview("-f", "staged.yaml")).as(err.toString()).isEqualTo(3);
    assertThat(out.toString()).contains("with the staged policies enforced", "lab/try");
  }

  @Test
  void badInputIsOneClearError() throws IOException {
    Files.writeString(folder.resolve("bad.yaml"), CHANGE.replace("TCP", "TPC"));
    assertThat(preview("-f", "bad.yaml")).isEqualTo(1);
    assertThat(err.toString()).contains("bad.yaml").contains("TPC");
    Files.writeString(folder.resolve("bad.json"), "{\"items\": [{\"action\": \"Allow\"}]}");
    assertThat(preview("-f", "change.yaml", "--flows", "bad.json")).isEqualTo(1);
    assertThat(err.toString()).contains("bad.json, flow 1: ").contains("is missing");
    assertThat(preview()).isEqualTo(1);
    assertThat(err.toString()).contains("there is no change");
    assertThat(preview("-f", "change.yaml", "--flows", "flows.json", "--since", "1h")).isEqualTo(2);
  }

  private int preview(String... arguments) {
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("policy", "preview"));
    all.addAll(List.of("--from", folder.resolve("cluster").toString()));
    for (String argument : arguments) {
      Path file = folder.resolve(argument);
      all.add(Files.isRegularFile(file) ? file.toString() : argument);
    }
    return line.execute(all.toArray(new String[0]));
  }
}
