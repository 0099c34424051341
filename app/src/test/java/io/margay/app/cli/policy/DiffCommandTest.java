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

class DiffCommandTest {
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
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkPolicy
      metadata: {name: not-looked-at}
      spec: {selector: all(), types: [Ingress, Egress]}
      """;

  private static final String KUBERNETES =
      """
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec:
        podSelector: {matchLabels: {app: db}}
        ingress:
        - from: [{podSelector: {matchLabels: {app: web}}}]
          ports: [{port: 5432}, {port: 5433}]
      """;

  private static final String CALICO =
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
          source: {selector: app == 'web'}
          destination: {ports: ['5432:5433']}
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeCluster() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER);
    Files.writeString(folder.resolve("a.yaml"), KUBERNETES);
  }

  @Test
  void policiesOfTwoApisMeanTheSame() throws IOException {
    Files.writeString(folder.resolve("b.yaml"), CALICO);
    assertThat(diff()).as(out + " " + err).isZero();
    assertThat(out.toString()).contains("no verdict turns");
  }

  @Test
  void aDifferenceComesWithAPacket() throws IOException {
    Files.writeString(folder.resolve("b.yaml"), CALICO.replace("5432:5433", "5432:5440"));
    assertThat(diff()).isEqualTo(3);
    assertThat(out.toString())
        .containsPattern("denied -> allowed +1 +shop/web +shop/db +tcp/5434-5440");
    assertThat(diff("-o", "json")).isEqualTo(3);
    JsonNode example = new JsonMapper().readTree(out.toString()).at("/endpoints/items/0/example");
    assertThat(example.path("from").asText()).isEqualTo("shop/web (10.0.0.1)");
    assertThat(example.path("port").asInt()).isEqualTo(5434);
  }

  @Test
  void whatLooksAlikeIsToldApart() throws IOException {
    // In a namespaced policy "not web" means "another one of the namespace": the outside is let in.
    Files.writeString(
        folder.resolve("b.yaml"),
        CALICO
            .replace("source: {selector: app == 'web'}", "source: {}")
            .replace(
                "- action: Allow",
                "- {action: Deny, source: {notSelector: app == 'web'}}\n  - action: Allow"));
    assertThat(diff()).as(err.toString()).isEqualTo(3);
    assertThat(out.toString())
        .containsPattern("denied -> allowed +1 +outside IPv4 +shop/db +tcp/5432-5433");
  }

  @Test
  void onlyPoliciesAreCompared() throws IOException {
    Files.writeString(folder.resolve("b.yaml"), CLUSTER);
    assertThat(diff()).isEqualTo(1);
    assertThat(err.toString()).contains("pod shop/web is no policy");
  }

  private int diff(String... options) {
    out.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] all = new String[options.length + 6];
    all[0] = "policy";
    all[1] = "diff";
    all[2] = "--from";
    all[3] = folder.resolve("cluster").toString();
    System.arraycopy(options, 0, all, 4, options.length);
    all[all.length - 2] = folder.resolve("a.yaml").toString();
    all[all.length - 1] = folder.resolve("b.yaml").toString();
    return line.execute(all);
  }
}
