package io.margay.app.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

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

class RecommendCommandTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: lab}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pods}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkSet
      metadata: {name: partners, labels: {set: partners}}
      spec: {nets: [198.51.100.0/24]}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {addresses: [{type: InternalIP, address: 10.0.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: web-7d-1
        generateName: web-7d-
        namespace: shop
        labels: {app: web, pod-template-hash: 7d}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.244.0.1}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.244.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: try, namespace: lab, labels: {app: try}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.244.1.1}]}
      """;

  private static final String POLICIES =
      """
      ---
      apiVersion: projectcalico.org/v3
      kind: StagedNetworkPolicy
      metadata:
        name: try-c85e7
        namespace: lab
        annotations:
          policyrecommendation.tigera.io/scope: workload
          policyrecommendation.margay.io/notes: "of ICMP only echo requests are allowed:\\
            \\ records keep no types"
      spec:
        stagedAction: Learn
        tier: default
        selector: app == "try"
        types:
          - Ingress
          - Egress
        ingress: []
        egress:
          - action: Allow
            protocol: ICMP
            icmp:
              type: 8
            destination:
              namespaceSelector: projectcalico.org/name == "shop"
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
      ---
      apiVersion: projectcalico.org/v3
      kind: StagedNetworkPolicy
      metadata:
        name: db-46d8d
        namespace: shop
        annotations:
          policyrecommendation.tigera.io/scope: workload
          policyrecommendation.margay.io/notes: "from public addresses of IPv4 at 100 ports\\
            \\ of TCP, 1 to 100, looks like a scan: no rule for it (at most 32)"
      spec:
        stagedAction: Learn
        tier: default
        selector: app == "db"
        types:
          - Ingress
          - Egress
        ingress:
          - action: Allow
            protocol: TCP
            source:
              selector: app == "web"
            destination:
              ports:
                - 5432:5433
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
        egress: []
      ---
      apiVersion: projectcalico.org/v3
      kind: StagedNetworkPolicy
      metadata:
        name: web-485cd
        namespace: shop
        annotations:
          policyrecommendation.tigera.io/scope: workload
          policyrecommendation.margay.io/notes: "of ICMP only echo requests are allowed:\\
            \\ records keep no types"
      spec:
        stagedAction: Learn
        tier: default
        selector: app == "web"
        types:
          - Ingress
          - Egress
        ingress:
          - action: Allow
            protocol: ICMP
            icmp:
              type: 8
            source:
              namespaceSelector: projectcalico.org/name == "lab"
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
          - action: Allow
            protocol: TCP
            source:
              nets:
                - 10.0.0.0/8
                - 172.16.0.0/12
                - 192.168.0.0/16
              notNets:
                - 10.244.0.0/16
            destination:
              ports:
                - 8080
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
          - action: Allow
            protocol: TCP
            source:
              notNets:
                - 10.0.0.0/8
                - 172.16.0.0/12
                - 192.168.0.0/16
                - 10.244.0.0/16
            destination:
              ports:
                - 443
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
        egress:
          - action: Allow
            protocol: TCP
            destination:
              selector: app == "db"
              ports:
                - 5432:5433
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
          - action: Allow
            protocol: TCP
            destination:
              namespaceSelector: global()
              selector: set == "partners"
              ports:
                - 443
            metadata:
              annotations:
                policyrecommendation.tigera.io/scope: workload
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static String pod(String name, String namespace) {
    return "\"%s\", \"%s\", \"WorkloadEndpoint\"".formatted(name, namespace);
  }

  /** A record of a minute, in which one end told of one connection. */
  private static String flow(String from, String to, int minute, String more) {
    String[] source = from.split(", ");
    String[] dest = to.split(", ");
    return """
    {"start_time": "2026-11-27T10:%1$02d:00Z", "end_time": "2026-11-27T10:%1$02d:15Z",
     "source_name": %2$s, "source_namespace": %3$s, "source_type": %4$s,
     "dest_name": %5$s, "dest_namespace": %6$s, "dest_type": %7$s, %8$s}
    """
        .formatted(minute, source[0], source[1], source[2], dest[0], dest[1], dest[2], more);
  }

  private static String tcp(int port, String action, String reporter) {
    return """
    "dest_port": %d, "protocol": "tcp", "action": "%s", "reporter": "%s", "connections_started": 1\
    """
        .formatted(port, action, reporter);
  }

  private static List<String> flows() {
    String web = pod("web-7d-*", "shop");
    String db = pod("db", "shop");
    String lab = pod("try", "lab");
    String internet = "\"PUBLIC NETWORK\", \"-\", \"Network\"";
    String old = tcp(5433, "Allow", "Dst") + ", \"source_labels\": \"app=web | %s\"";
    List<String> flows = new ArrayList<>();
    flows.add(flow(web, db, 1, tcp(5432, "Allow", "Src")));
    flows.add(flow(web, db, 1, tcp(5432, "Allow", "Dst")));
    // Before the last rollout, with the name and the labels that it had then.
    flows.add(flow(pod("web-5c-*", "shop"), db, 0, old.formatted("pod-template-hash=5c")));
    flows.add(flow(pod("gone-*", "shop"), db, 0, tcp(5434, "Allow", "Dst")));
    flows.add(flow(internet, web, 2, tcp(443, "Allow", "Dst")));
    flows.add(flow("\"n1\", \"-\", \"HostEndpoint\"", web, 2, tcp(8080, "Allow", "Dst")));
    flows.add(flow(web, "\"partners\", \"-\", \"NetworkSet\"", 2, tcp(443, "Allow", "Src")));
    flows.add(
        flow(
            lab,
            web,
            3,
            "\"dest_port\": 0, \"protocol\": \"icmp\", \"action\": \"Allow\","
                + " \"reporter\": \"Dst\""));
    // Allowed once, and denied since.
    flows.add(flow(lab, db, 1, tcp(5432, "Allow", "Dst")));
    flows.add(flow(lab, db, 4, tcp(5432, "Deny", "Dst")));
    for (int port = 1; port <= 100; port++) {
      flows.add(flow(internet, db, 5, tcp(port, "Allow", "Dst")));
    }
    return flows;
  }

  @BeforeEach
  void writeCluster() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER);
    Files.writeString(folder.resolve("flows.json"), String.join("\n", flows()));
  }

  @Test
  void whatWasSeenBecomesStagedPolicies() {
    assertThat(policy("recommend", "--flows", "flows.json")).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(POLICIES);
    assertThat(err.toString())
        .isEqualTo(
            """
            denied conversations are not learned: 1
            shop/gone-*: it is gone, so what it did is not learned
            lab/try: of ICMP only echo requests are allowed: records keep no types
            shop/db: from public addresses of IPv4 at 100 ports of TCP, 1 to 100, looks like a scan: no rule for it (at most 32)
            shop/web-7d-*: of ICMP only echo requests are allowed: records keep no types
            """);
  }

  @Test
  void whatIsRecommendedAllowsWhatItWasLearnedFrom() throws IOException {
    assertThat(policy("recommend", "--flows", "flows.json")).isZero();
    Files.writeString(folder.resolve("recommended.yaml"), out.toString());

    assertThat(policy("preview", "-f", "recommended.yaml", "--flows", "flows.json")).isEqualTo(3);

    assertThat(out.toString())
        .contains("with the staged policies enforced")
        .contains("101 allowed -> denied, 0 denied -> allowed, 2 unknown")
        .containsPattern("allowed -> denied +2 +lab/try +shop/db +tcp/5432")
        .containsPattern("unknown +0 +lab/try +shop/web-7d-\\* +icmp +depends on the ICMP type");
  }

  @Test
  void aPolicyOfTheFolderIsLearnedAgainAndKeepsWhatItsAuthorWrote() throws IOException {
    assertThat(policy("recommend", "--flows", "flows.json", "-n", "lab")).isZero();
    String owned =
        "    - action: Deny\n      protocol: TCP\n      destination:\n        notPorts:\n"
            + "          - 53\n";
    String edited =
        out.toString()
            .replace("  tier: default", "  tier: default\n  order: 7")
            .replace("  egress:\n", "  egress:\n" + owned);
    Files.writeString(folder.resolve("cluster/staged.yaml"), edited);

    assertThat(policy("recommend", "--flows", "flows.json", "-n", "lab"))
        .as(err.toString())
        .isZero();

    // The label is of the store, as an API server would put it there.
    String label = "  labels:\n    projectcalico.org/tier: default\n";
    assertThat(out.toString()).isEqualTo(edited.replace("spec:\n", label + "spec:\n"));
    Files.writeString(
        folder.resolve("cluster/staged.yaml"), edited.replace("Action: Learn", "Action: Ignore"));
    assertThat(policy("recommend", "--flows", "flows.json", "-n", "lab")).isZero();
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("StagedNetworkPolicy lab/try-c85e7: not at Learn");
  }

  @Test
  void namespacesHaveOnePolicyEach() {
    assertThat(policy("recommend", "--flows", "flows.json", "--per", "namespace", "-o", "json"))
        .isZero();
    assertThat(out.toString().lines().filter(line -> line.contains("stagedAction"))).hasSize(2);
    assertThat(out.toString()).contains("\"selector\" : \"all()\"");
  }

  @Test
  void hostEndpointsGetGlobalPolicies() throws IOException {
    Files.writeString(
        folder.resolve("cluster/host.yaml"),
        """
        apiVersion: projectcalico.org/v3
        kind: HostEndpoint
        metadata: {name: n1-eth0, labels: {role: worker}}
        spec: {node: n1, interfaceName: eth0, expectedIPs: [10.0.0.1]}
        """);
    assertThat(policy("recommend", "--flows", "flows.json")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("kind: StagedGlobalNetworkPolicy", "name: worker-")
        .contains("role == \"worker\"", "!has(projectcalico.org/namespace)")
        .contains("policyrecommendation.tigera.io/scope: host");
    assertThat(policy("recommend", "--flows", "flows.json", "-n", "lab")).isZero();
    assertThat(out.toString()).doesNotContain("StagedGlobalNetworkPolicy");
  }

  @Test
  void badInputIsOneClearError() throws IOException {
    assertThat(policy("recommend")).isEqualTo(1);
    assertThat(err.toString()).contains("error: a folder has no flows: name a file with --flows");
    Files.writeString(folder.resolve("bad.json"), "{\"items\": [{\"action\": \"Allow\"}]}");
    assertThat(policy("recommend", "--flows", "bad.json")).isEqualTo(1);
    assertThat(err.toString()).contains("bad.json, flow 1: ").contains("is missing");
    assertThat(policy("recommend", "--flows", "flows.json", "--since", "1h")).isEqualTo(2);
    assertThat(policy("recommend", "--flows", "flows.json", "--per", "pod")).isEqualTo(2);
  }

  private int policy(String command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("policy", command));
    all.addAll(List.of("--from", folder.resolve("cluster").toString()));
    for (String argument : arguments) {
      Path file = folder.resolve(argument);
      all.add(Files.isRegularFile(file) ? file.toString() : argument);
    }
    return line.execute(all.toArray(new String[0]));
  }
}
