package io.margay.network.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.ResourceChange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BirdConfigTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Node
      metadata:
        name: a
        labels: {rack: one}
        annotations: {projectcalico.org/IPv4Address: 192.0.2.1/24, projectcalico.org/IPv6Address: "2001:db8::1/64"}
      ---
      apiVersion: v1
      kind: Node
      metadata:
        name: b
        labels: {rack: two}
        annotations: {projectcalico.org/IPv4Address: 192.0.2.2/24, projectcalico.org/IPv6Address: "2001:db8::2/64"}
      ---
      apiVersion: v1
      kind: Node
      metadata:
        name: r
        labels: {reflector: "yes"}
        annotations: {projectcalico.org/IPv4Address: 192.0.2.9/24, projectcalico.org/RouteReflectorClusterID: 244.0.0.1}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: plain}
      spec: {cidr: 10.0.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: vxlan}
      spec: {cidr: 10.9.0.0/16, vxlanMode: Always}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPAMBlock
      metadata: {name: 10-0-1-0-26}
      spec: {cidr: 10.0.1.0/26, affinity: "host:a", allocations: [], unallocated: [], attributes: []}
      """;

  @TempDir private Path folder;
  private final List<String> problems = new ArrayList<>();

  private String render(String node, String... more) throws Exception {
    BgpCollector collector = new BgpCollector(node);
    List<String> texts = new ArrayList<>(List.of(CLUSTER));
    texts.addAll(List.of(more));
    for (String text : texts) {
      Manifests.Result read = Manifests.read("test", text);
      assertThat(read.problems()).isEmpty();
      for (KubeObject object : read.objects()) {
        collector.apply(new ResourceChange.Upsert(ResourceDecoder.decode(object).resource()));
      }
    }
    String rendered =
        BirdConfig.render(
            collector.view(BgpPasswords.in(folder.resolve("secrets")), problems), node, problems);
    assertBirdAccepts(rendered);
    return rendered;
  }

  /** Where BIRD is installed it has the last word. */
  private void assertBirdAccepts(String text) throws Exception {
    Optional<Path> bird = Bird.find();
    if (bird.isEmpty() || text.isEmpty()) {
      return;
    }
    Path file = Files.writeString(folder.resolve("bird.conf"), text);
    Process check =
        new ProcessBuilder(bird.get().toString(), "-p", "-c", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(check.waitFor()).as("%s in %s", output, text).isZero();
  }

  private static String peer(String spec) {
    return object("BGPPeer", "peer", spec);
  }

  private static String object(String kind, String name, String spec) {
    return "apiVersion: projectcalico.org/v3\nkind: "
        + kind
        + "\nmetadata: {name: "
        + name
        + "}\nspec: "
        + spec
        + "\n";
  }

  @Test
  void theMeshIsOfAllNodesThatAreNoReflectors() throws Exception {
    assertThat(render("a"))
        .contains("router id 192.0.2.1;")
        .contains("route 10.0.1.0/26 blackhole;")
        .contains("protocol bgp Mesh_192_0_2_2 {")
        .contains("protocol bgp Mesh_2001_db8__2 {")
        .contains("neighbor 192.0.2.2 port 179 as 64512;")
        .doesNotContain("Mesh_192_0_2_9", "Mesh_192_0_2_1 ");
    assertThat(render("r")).doesNotContain("protocol bgp");
    assertThat(problems).isEmpty();
  }

  @Test
  void ofTwoNodesTheLowerAddressWaits() throws Exception {
    assertThat(render("a")).contains("  passive;");
    assertThat(render("b")).doesNotContain("passive;");
  }

  @Test
  void aReflectorServesItsClients() throws Exception {
    String peer = peer("{nodeSelector: has(rack), peerSelector: has(reflector)}");
    String back =
        object("BGPPeer", "back", "{nodeSelector: has(reflector), peerSelector: has(rack)}");
    String noMesh = object("BGPConfiguration", "default", "{nodeToNodeMeshEnabled: false}");
    assertThat(render("a", peer, back, noMesh))
        .contains("protocol bgp Node_192_0_2_9 {")
        .doesNotContain("Mesh_", "rr client");
    assertThat(render("r", peer, back, noMesh))
        .contains("protocol bgp Node_192_0_2_1 {", "protocol bgp Node_192_0_2_2 {")
        .contains("rr client; rr cluster id 244.0.0.1;");
  }

  @Test
  void whatAPeerSaysIsWritten() throws Exception {
    String filter =
        object(
            "BGPFilter",
            "f",
            "{exportV4: [{cidr: 10.0.0.0/16, matchOperator: NotIn, action: Reject}, {peerType:"
                + " iBGP, action: Reject}], importV4: [{cidr: 172.16.0.0/12, matchOperator: In,"
                + " prefixLength: {min: 16, max: 24}, communities: {values: ['1:2']}, asPathPrefix:"
                + " [65001], action: Accept, operations: [{addCommunity: {value: '1:2:3'}},"
                + " {prependASPath: {prefix: [1, 2]}}, {setPriority: {value: 512}}]}, {action:"
                + " Reject}]}");
    String peer =
        peer(
            "{node: a, peerIP: '198.51.100.1:1790', asNumber: 65001, localASNumber: 65002,"
                + " nextHopMode: Self, maxRestartTime: 2m, keepaliveTime: 10s,"
                + " numAllowedLocalASNumbers: 2, ttlSecurity: 3, reachableBy: 192.0.2.254, filters:"
                + " [f]}");
    assertThat(render("a", filter, peer))
        .contains("protocol bgp Node_198_51_100_1 {")
        .contains("local 192.0.2.1 as 65002;", "neighbor 198.51.100.1 port 1790 as 65001;")
        .contains("next hop self;", "graceful restart time 120;", "keepalive time 10;")
        .contains("allow local as 2;", "multihop 3;", "ttl security on;")
        .contains("route 198.51.100.1/32 via 192.0.2.254;")
        .contains("if (net !~ [ 10.0.0.0/16{16,32} ]) then { reject; }")
        .contains("bgp_large_community.add((1, 2, 3));")
        .contains("bgp_path.prepend(2); bgp_path.prepend(1); bgp_local_pref = 2147483135;");
    assertThat(problems).isEmpty();
    assertThat(render("b", filter, peer)).doesNotContain("198_51_100_1");
  }

  @Test
  void communitiesAndServicesAreTold() throws Exception {
    assertThat(
            render(
                "a",
                object(
                    "BGPConfiguration",
                    "default",
                    "{asNumber: '1.10', serviceClusterIPs: [{cidr: 10.96.0.0/12}], communities:"
                        + " [{name: lab, value: '64512:7'}], prefixAdvertisements: [{cidr:"
                        + " 10.0.0.0/16, communities: [lab, '1:2:3', unknown]}]}")))
        .contains("as 65546;")
        .contains("route 10.96.0.0/12 blackhole;")
        .contains("then { bgp_community.add((64512, 7)); bgp_large_community.add((1, 2, 3)); }");
    assertThat(problems).containsExactly("no community has the name unknown");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{peerIP: 198.51.100.1, asNumber: 1, filters: [none]} | there is no BGPFilter none",
        "{peerIP: 198.51.100.1, asNumber: 1, password: {secretKeyRef: {name: s, key: k}}} | Secret"
            + " s, key k: there is no file",
        "{peerIP: 198.51.100.1, asNumber: 1, password: {secretKeyRef: {name: ../s, key: k}}} | no"
            + " name of a Secret",
        "{peerIP: 198.51.100.1, asNumber: 1, password: {secretKeyRef: {name: s}}} | names no"
            + " secret",
        "{peerIP: 198.51.100.1, asNumber: 1, reversePeering: Auto} | not supported",
      })
  void aPeerThatCannotBeAsItSaysIsLeftOut(String spec, String problem) throws Exception {
    assertThat(render("a", peer(spec))).doesNotContain("198_51_100_1");
    assertThat(problems).singleElement().asString().contains(problem);
  }

  private static final String SIGNED_MESH =
      object(
          "BGPConfiguration",
          "default",
          "{nodeMeshPassword: {secretKeyRef: {name: bgp, key: mesh}}}");

  private void secret(String name, String key, String value) throws Exception {
    Path secret = Files.createDirectories(folder.resolve("secrets").resolve(name));
    Files.writeString(secret.resolve(key), value);
  }

  @Test
  void passwordsComeFromMountedSecrets() throws Exception {
    secret("bgp", "mesh", "of the mesh\n");
    secret("bgp", "rack", "of the rack");
    String signedPeer =
        peer(
            "{peerIP: 198.51.100.1, asNumber: 1, password: {secretKeyRef: {name: bgp, key:"
                + " rack}}}");
    assertThat(render("a", SIGNED_MESH, signedPeer))
        .containsSubsequence("Mesh_192_0_2_2 {", "password \"of the mesh\";")
        .containsSubsequence("Global_198_51_100_1 {", "password \"of the rack\";");
    assertThat(problems).isEmpty();
  }

  @Test
  void aMeshWithoutItsPasswordDoesNotSpeak() throws Exception {
    assertThat(render("a", SIGNED_MESH)).isEmpty();
    assertThat(problems)
        .singleElement()
        .asString()
        .startsWith("no BGP: nodeMeshPassword: Secret bgp, key mesh: there is no file ");
    problems.clear();
    secret("bgp", "mesh", "quo\"ted");
    assertThat(render("a", SIGNED_MESH)).isEmpty();
    assertThat(problems).singleElement().asString().contains("without double quotes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Local | {nodeName: a} | true",
        "Local | {nodeName: a, conditions: {ready: true}} | true",
        "Local | {nodeName: a, conditions: {ready: false}} | false",
        "Local | {nodeName: b} | false",
        "Cluster | {nodeName: a} | false",
      })
  void nodesWithAnEndpointTellTheAddressesOfLocalServices(
      String policy, String endpoint, boolean told) throws Exception {
    String rendered = render("a", RANGES, service(policy, endpoint));
    assertThat(rendered)
        .contains("route 10.96.0.0/12 blackhole;", "route 203.0.113.0/24 blackhole;");
    for (String address : List.of("10.96.0.7", "203.0.113.7", "203.0.113.8")) {
      assertThat(rendered.contains("route " + address + "/32 blackhole;")).isEqualTo(told);
    }
    // Outside of the ranges that are to be told.
    assertThat(rendered).doesNotContain("198.51.100.7");
  }

  @Test
  void nodesThatTakeNoTrafficFromOutsideTellNoServices() throws Exception {
    String label = "node.kubernetes.io/exclude-from-external-load-balancers";
    String excluded =
        "apiVersion: v1\nkind: Node\nmetadata: {name: a, labels: {"
            + label
            + ": ''}, annotations: {projectcalico.org/IPv4Address: 192.0.2.1/24}}\n";
    assertThat(render("a", RANGES, service("Local", "{nodeName: a}"), excluded))
        .contains("route 10.0.1.0/26 blackhole;")
        .doesNotContain("route 10.96.", "route 203.0.113.");
  }

  private static final String RANGES =
      object(
          "BGPConfiguration",
          "default",
          "{serviceClusterIPs: [{cidr: 10.96.0.0/12}], serviceLoadBalancerIPs: [{cidr:"
              + " 203.0.113.0/24}]}");

  private static String service(String policy, String endpoint) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {namespace: prod, name: web}
    spec:
      type: LoadBalancer
      externalTrafficPolicy: %s
      clusterIPs: [10.96.0.7]
      externalIPs: [203.0.113.8, 198.51.100.7]
      ports: [{port: 80}]
    status: {loadBalancer: {ingress: [{ip: 203.0.113.7}, {hostname: web.example}]}}
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {namespace: prod, name: web-1, labels: {kubernetes.io/service-name: web}}
    addressType: IPv4
    endpoints: [{addresses: [10.0.1.9], %s}]
    ports: [{port: 80}]
    """
        .formatted(policy, endpoint.substring(1, endpoint.length() - 1));
  }
}
