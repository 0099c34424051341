package io.margay.app.cli.vm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.Main;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands on a folder of manifests and recorded flows. */
class VmCommandTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: prod, annotations: {owner: shop team}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: batch}
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachine
      metadata: {name: db, namespace: prod}
      spec: {}
      ---
      apiVersion: kubevirt.io/v1
      kind: VirtualMachineInstance
      metadata: {name: db, namespace: prod}
      spec: {}
      status: {nodeName: n1}
      ---
      apiVersion: v1
      kind: Pod
      metadata:
        name: virt-launcher-db-x7k2p
        generateName: virt-launcher-db-
        namespace: prod
        labels: {app: db}
      spec: {nodeName: n1, containers: [{name: compute}]}
      status: {phase: Running, podIPs: [{ip: 10.244.0.9}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: prod, labels: {app: web, owner: web-team}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.244.0.2}]}
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: db, namespace: prod}
      spec: {selector: {app: db}, ports: [{port: 5432}]}
      ---
      apiVersion: discovery.k8s.io/v1
      kind: EndpointSlice
      metadata:
        name: old-db
        namespace: batch
        labels: {kubernetes.io/service-name: old-db}
      addressType: IPv4
      endpoints: [{addresses: [10.244.0.9]}]
      ports: [{port: 5432, protocol: TCP}]
      ---
      apiVersion: projectcalico.org/v3
      kind: GlobalNetworkSet
      metadata: {name: databases, labels: {set: databases}, annotations: {owner: database team}}
      spec: {nets: [10.244.0.9/32, 198.51.100.7/32]}
      ---
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db-clients, namespace: prod}
      spec:
        selector: app == 'db'
        types: [Ingress]
        ingress: [{action: Allow, protocol: TCP, source: {selector: app == 'web'}}]
      ---
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: reports, namespace: batch}
      spec:
        selector: all()
        types: [Egress]
        egress:
          - {action: Allow, protocol: TCP, destination: {nets: [10.244.0.9/32]}}
          - {action: Deny, destination: {nets: [10.244.0.0/16]}}
          - action: Allow
            destination: {selector: set == 'databases', namespaceSelector: global()}
          - {action: Allow, destination: {nets: [0.0.0.0/0]}}
      """;

  private static final String MIGRATIONS =
      """
      ---
      apiVersion: network.margay.io/v1alpha1
      kind: LiveMigration
      metadata: {name: db-1, namespace: prod}
      spec:
        machine: {name: db}
        source: {pod: virt-launcher-db-a, node: n1}
        target: {pod: virt-launcher-db-b, node: n2}
        uid: u1
      status:
        phase: Succeeded
        phases:
          - {phase: Prepared, at: "2026-11-27T10:00:00.000Z"}
          - {phase: Live, at: "2026-11-27T10:00:03.250Z"}
          - {phase: Succeeded, at: "2026-11-27T10:00:33.500Z"}
        gapMillis: 31
        gapPackets: 4
        connections: {moved: 2, kept: 1, dropped: 0}
        owner: virt-launcher-db-b@n2
      ---
      apiVersion: network.margay.io/v1alpha1
      kind: LiveMigration
      metadata: {name: db-2, namespace: prod}
      spec:
        machine: {name: db}
        source: {pod: virt-launcher-db-b, node: n2}
        target: {pod: virt-launcher-db-c, node: n1}
        uid: u2
      status:
        phase: Failed
        phases:
          - {phase: Prepared, at: "2026-11-27T11:00:00.000Z"}
          - {phase: Failed, at: "2026-11-27T11:00:05.000Z"}
        reason: the target stopped
      ---
      apiVersion: network.margay.io/v1alpha1
      kind: LiveMigration
      metadata: {name: db-3, namespace: prod}
      spec:
        machine: {name: db}
        source: {pod: virt-launcher-db-b, node: n2}
        target: {pod: virt-launcher-db-d, node: n1}
        uid: u3
      """;

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static String flow(
      String from, String to, int port, String action, String reporter, int connections) {
    return """
    {"start_time": "2026-11-27T10:00:00Z", "end_time": "2026-11-27T10:00:15Z",
     "source_name": "%s", "source_namespace": "%s", "source_type": "%s",
     "dest_name": "%s", "dest_namespace": "%s", "dest_type": "%s",
     "dest_port": %d, "protocol": "tcp", "action": "%s", "reporter": "%s",
     "connections_started": %d}
    """
        .formatted(
            concat(from.split("[/:]"), to.split("[/:]"), port, action, reporter, connections));
  }

  private static Object[] concat(String[] from, String[] to, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList((Object[]) from));
    all.addAll(Arrays.asList((Object[]) to));
    all.addAll(Arrays.asList(more));
    return all.toArray();
  }

  @BeforeEach
  void write() throws IOException {
    Files.createDirectory(folder.resolve("cluster"));
    Files.writeString(folder.resolve("cluster/all.yaml"), CLUSTER + MIGRATIONS);
    String db = "virt-launcher-db-*/prod:WorkloadEndpoint";
    Files.writeString(
        folder.resolve("flows.json"),
        String.join(
            "\n",
            flow("web/prod:WorkloadEndpoint", db, 5432, "Allow", "Src", 7),
            flow("web/prod:WorkloadEndpoint", db, 5432, "Allow", "Dst", 7),
            flow("probe/batch:WorkloadEndpoint", db, 22, "Deny", "Dst", 3),
            flow(db, "PUBLIC NETWORK/-:Network", 443, "Allow", "Src", 2),
            // Another machine, whose name only begins alike.
            flow(
                "web/prod:WorkloadEndpoint",
                "virt-launcher-db-copy-*/prod:WorkloadEndpoint",
                5432,
                "Allow",
                "Dst",
                1)));
    Files.writeString(
        folder.resolve("firewall.csv"),
        """
        Name,Zone,Address,Owner
        edge-17,dmz,10.244.0.9,firewall desk
        "edge-18, backup",dmz,10.244.0.0/24,
        edge-19,dmz,192.0.2.1,nobody
        """);
    Files.writeString(folder.resolve("dns.csv"), "name,address\ndb.example.com,10.244.0.9\n");
  }

  @Test
  void theFourQuestionsAreAnswered() throws IOException {
    assertThat(
            vm(
                "blast-radius",
                "db",
                "-n",
                "prod",
                "--flows",
                "flows.json",
                "--firewall",
                "firewall.csv",
                "--dns",
                "dns.csv"))
        .as(err.toString())
        .isZero();
    assertThat(out.toString()).isEqualTo(golden("blast-radius.txt"));
  }

  @Test
  void scriptsGetTheSame() throws IOException {
    assertThat(vm("blast-radius", "db", "-n", "prod", "-o", "json")).as(err.toString()).isZero();
    JsonNode json = new JsonMapper().readTree(out.toString());
    assertThat(json.path("flows_known").asBoolean()).isFalse();
    assertThat(json.path("addresses").path(0).asText()).isEqualTo("10.244.0.9");
    assertThat(json.path("to_change").valueStream().map(item -> item.path("where").asText()))
        .containsExactly(
            "EndpointSlice batch/old-db",
            "GlobalNetworkSet databases",
            "NetworkPolicy batch/reports",
            "NetworkPolicy batch/reports");
  }

  @Test
  void badInputIsOneClearError() throws IOException {
    assertThat(vm("blast-radius", "dc", "-n", "prod")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no VirtualMachine", "prod/dc");
    Files.writeString(folder.resolve("dns.csv"), "name,ip\nx,10.0.0.1\n");
    assertThat(vm("blast-radius", "db", "-n", "prod", "--dns", "dns.csv")).isEqualTo(1);
    assertThat(err.toString()).contains("dns.csv, line 1: no column \"address\"");
    Files.writeString(folder.resolve("dns.csv"), "name,address\nx,10.0.0\n");
    assertThat(vm("blast-radius", "db", "-n", "prod", "--dns", "dns.csv")).isEqualTo(1);
    assertThat(err.toString()).contains("dns.csv, line 2, address \"10.0.0\": ");
    Files.writeString(folder.resolve("dns.csv"), "name,address\nx,y,10.0.0.1\n");
    assertThat(vm("blast-radius", "db", "-n", "prod", "--dns", "dns.csv")).isEqualTo(1);
    assertThat(err.toString()).contains("dns.csv, line 2: 3 cells, and the heading has 2");
    assertThat(vm("migrations", "--objective", "-1")).isEqualTo(2);
  }

  @Test
  void migrationsAreListedWithTheirObjective() throws IOException {
    assertThat(vm("migrations", "--objective", "20")).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo(golden("migrations.txt"));
    assertThat(vm("migrations", "-n", "batch")).isZero();
    assertThat(out.toString()).isEqualTo("No migration is on record.\n");
  }

  @Test
  void scriptsGetPhasesWithTheirTimes() throws IOException {
    assertThat(vm("migrations", "-o", "json")).isZero();
    JsonNode json = new JsonMapper().readTree(out.toString());
    assertThat(json.at("/objective/within").asInt()).isEqualTo(1);
    assertThat(json.at("/objective/percent").asDouble()).isEqualTo(50);
    assertThat(json.at("/items/0/phases/1").toString())
        .isEqualTo("{\"phase\":\"Live\",\"at\":\"2026-11-27T10:00:03.250Z\"}");
    assertThat(json.at("/items/0/owner").asText()).isEqualTo("virt-launcher-db-b@n2");
    assertThat(json.at("/items/1/gap_millis").isNull()).isTrue();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(VmCommandTest.class.getResourceAsStream(name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private int vm(String command, String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("vm", command));
    all.addAll(List.of("--from", folder.resolve("cluster").toString()));
    for (String argument : arguments) {
      Path file = folder.resolve(argument);
      all.add(Files.isRegularFile(file) ? file.toString() : argument);
    }
    return line.execute(all.toArray(new String[0]));
  }
}
