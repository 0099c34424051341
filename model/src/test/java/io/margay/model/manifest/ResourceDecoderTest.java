package io.margay.model.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.Service;
import io.margay.model.resource.StagedAction;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.resource.Tier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceDecoderTest {
  private static KubeObject object(Kind kind, String name, String body) {
    try {
      ObjectNode json = (ObjectNode) new YAMLMapper().readTree("{" + body + "}");
      json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
      ObjectNode metadata = json.withObjectProperty("metadata").put("name", name);
      if (kind.namespaced()) {
        metadata.put("namespace", "prod");
      }
      return new KubeObject(kind, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Resource resource(Kind kind, String body) {
    Decoded decoded = ResourceDecoder.decode(object(kind, "web", body));
    assertThat(decoded.problems()).isEmpty();
    return decoded.resource();
  }

  private static CalicoPolicySpec policy(String spec) {
    return ((NetworkPolicy) resource(Kind.NETWORK_POLICY, "spec: {" + spec + "}")).spec();
  }

  private static CalicoPolicySpec brokenPolicy(String spec) {
    Decoded decoded =
        ResourceDecoder.decode(object(Kind.NETWORK_POLICY, "web", "spec: {" + spec + "}"));
    assertThat(decoded.problems()).isNotEmpty();
    return ((NetworkPolicy) decoded.resource()).spec();
  }

  @Test
  void directionsFollowFromTheRules() {
    assertThat(policy("").types()).containsExactly(PolicyType.INGRESS);
    assertThat(policy("egress: [{action: Allow}]").types()).containsExactly(PolicyType.EGRESS);
    assertThat(policy("egress: []").types()).containsExactly(PolicyType.INGRESS);
    assertThat(policy("ingress: [{action: Allow}], egress: [{action: Allow}]").types())
        .containsExactly(PolicyType.INGRESS, PolicyType.EGRESS);
    assertThat(policy("types: [Egress], ingress: [{action: Allow}]").types())
        .containsExactly(PolicyType.EGRESS);
    KubernetesNetworkPolicy kubernetes =
        (KubernetesNetworkPolicy)
            resource(Kind.KUBERNETES_NETWORK_POLICY, "spec: {podSelector: {}, egress: [{}]}");
    assertThat(kubernetes.spec().policyTypes())
        .containsExactly(PolicyType.INGRESS, PolicyType.EGRESS);
  }

  @Test
  void namesOfIcmpImplyAFamilyAndNumbersDoNot() {
    CalicoPolicySpec spec =
        policy(
            "ingress: [{action: Allow, protocol: ICMP}, {action: Allow, protocol: ICMPv6},"
                + " {action: Allow, protocol: 1}, {action: Allow, protocol: 58},"
                + " {action: Allow, protocol: TCP, ipVersion: 6}]");
    assertThat(spec.ingress())
        .extracting(Rule::ipVersion)
        .containsExactly(IpFamily.IPV4, IpFamily.IPV6, null, null, IpFamily.IPV6);
  }

  @Test
  void storedNetsMayHaveHostBitsAndBareAddresses() {
    CalicoPolicySpec spec =
        policy("ingress: [{action: Allow, source: {nets: [10.0.0.1/8, 10.0.0.1]}}]");
    assertThat(spec.ingress().getFirst().source().nets()).hasToString("[10.0.0.0/8, 10.0.0.1/32]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{action: Permit}",
        "{}",
        "{action: Allow, source: {nets: [ten]}}",
        "{action: Allow, source: {nets: [null]}}",
        "{action: Allow, source: {domains: [a.com]}}",
        "{action: Allow, source: {selector: 'a = b'}}",
        "{action: Allow, source: {ports: ['90:80']}}",
        "{action: Allow, source: {ports: ['']}}",
        "{action: Allow, source: {serviceAccounts: {selector: '!'}}}",
        "{action: Allow, destination: {services: {}}}",
        "{action: Allow, protocol: quic}",
        "{action: Allow, ipVersion: 5}",
        "{action: Allow, icmp: {type: 300}}",
        "{action: Allow, source: everyone}",
        "{action: Allow, newField: 1}",
        "everything"
      })
  void unreadableRulesAreMarkedAndTheOthersStay(String rule) {
    CalicoPolicySpec spec = brokenPolicy("ingress: [{action: Deny}, " + rule + ", {action: Log}]");
    assertThat(spec.ingress()).hasSize(3);
    assertThat(spec.ingress().get(0).unparseable()).isNull();
    assertThat(spec.ingress().get(1).unparseable()).contains("spec.ingress[1]");
    assertThat(spec.ingress().get(2).unparseable()).isNull();
    assertThat(spec.unparseable()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "selector: 'a = b'",
        "serviceAccountSelector: '('",
        "types: [Sideways]",
        "selector: [a]"
      })
  void unreadableSubjectsAreMarked(String spec) {
    assertThat(brokenPolicy(spec).unparseable()).isNotNull();
  }

  @Test
  void emptySelectorsAskNothing() {
    CalicoPolicySpec spec =
        policy(
            "selector: '', serviceAccountSelector: '', ingress: [{action: Allow, source: {selector: ''}}]");
    assertThat(spec.selector()).hasToString("all()");
    assertThat(spec.serviceAccountSelector()).isNull();
    assertThat(spec.ingress().getFirst().source().selector()).isNull();
  }

  @Test
  void aKubernetesBlockThatCannotBeReadMatchesNothing() {
    Decoded decoded =
        ResourceDecoder.decode(
            object(
                Kind.KUBERNETES_NETWORK_POLICY,
                "web",
                "spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0/8}},"
                    + " {ipBlock: {cidr: 10.0.0.0/8, except: [x]}}, {}, {podSelector: {}}],"
                    + " ports: [{port: 99999}, {port: http, endPort: 5}, {port: 80}]}]}"));
    KubernetesNetworkPolicy.PolicyRule rule =
        ((KubernetesNetworkPolicy) decoded.resource()).spec().ingress().getFirst();
    assertThat(rule.peers())
        .extracting(p -> p.unparseable() != null)
        .containsExactly(true, true, true, false);
    assertThat(rule.ports())
        .extracting(p -> p.unparseable() != null)
        .containsExactly(true, true, false);
  }

  @Test
  void aKubernetesSubjectThatCannotBeReadIsolatesTheNamespace() {
    Decoded decoded =
        ResourceDecoder.decode(
            object(
                Kind.KUBERNETES_NETWORK_POLICY,
                "web",
                "spec: {podSelector: {matchExpressions: [{key: a, operator: Like}]}, ingress: [{}]}"));
    KubernetesNetworkPolicy.Spec spec = ((KubernetesNetworkPolicy) decoded.resource()).spec();
    assertThat(spec.podSelector()).isNull();
    assertThat(spec.ingress()).isEmpty();
    assertThat(spec.policyTypes()).containsExactly(PolicyType.INGRESS);
  }

  @Test
  void unknownFormsOfClusterPoliciesAreKeptAsUnknown() {
    Decoded decoded =
        ResourceDecoder.decode(
            object(
                Kind.CLUSTER_NETWORK_POLICY,
                "web",
                "spec: {tier: Admin, priority: 1, subject: {namespaces: {}}, egress: [{action: Pass,"
                    + " to: [{future: {}}, {networks: [x]}, {namespaces: {}, nodes: {}}, {nodes: {}}],"
                    + " protocols: [{quic: {}}, {tcp: {destinationPort: {number: 0}}}, {udp: {}}]}]}"));
    ClusterNetworkPolicy.PolicyRule rule =
        ((ClusterNetworkPolicy) decoded.resource()).spec().egress().getFirst();
    assertThat(rule.peers())
        .extracting(p -> p instanceof ClusterNetworkPolicy.Peer.Unknown)
        .containsExactly(true, true, true, false);
    assertThat(rule.protocols())
        .extracting(p -> p instanceof ClusterNetworkPolicy.ProtocolMatch.Unknown)
        .containsExactly(true, true, false);
  }

  @Test
  void builtInTiersKeepTheirOrderAndAction() {
    Tier tier =
        (Tier) ResourceDecoder.decode(object(Kind.TIER, "kube-baseline", "spec: {}")).resource();
    assertThat(tier.spec()).isEqualTo(Tier.builtIn().getLast().spec());
    Tier own = (Tier) resource(Kind.TIER, "spec: {order: 5, defaultAction: Pass}");
    assertThat(own.spec().order()).isEqualTo(5.0);
    assertThat(((Tier) resource(Kind.TIER, "spec: {}")).spec().order()).isNull();
  }

  @Test
  void workloadsAreReadWithTheirDefaults() {
    Pod pod =
        (Pod)
            resource(
                Kind.POD,
                "spec: {initContainers: [{name: proxy, restartPolicy: Always, ports: [{name: p,"
                    + " containerPort: 15000}]}, {name: once}], containers: [{name: a, ports:"
                    + " [{containerPort: 80}]}]}, status: {podIP: 10.0.0.1}");
    assertThat(pod.spec().serviceAccountName()).isEqualTo("default");
    assertThat(pod.spec().containers())
        .extracting(Pod.Container::name)
        .containsExactly("a", "proxy");
    assertThat(pod.status().podIPs())
        .extracting(ip -> ip.ip().toString())
        .containsExactly("10.0.0.1");

    Service service =
        (Service) resource(Kind.SERVICE, "spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}");
    assertThat(service.spec().clusterIPs()).containsExactly("10.96.0.1");
    assertThat(service.spec().ports().getFirst().targetPort()).isEqualTo("80");

    EndpointSlice slice =
        (EndpointSlice)
            resource(
                Kind.ENDPOINT_SLICE,
                "addressType: IPv4, endpoints: [{addresses: [10.0.0.1], conditions: {ready: false}}],"
                    + " ports: [{protocol: UDP}]");
    assertThat(slice.ports().getFirst().port()).isNull();
    assertThat(slice.endpoints().getFirst().conditions().ready()).isFalse();

    HostEndpoint host =
        (HostEndpoint)
            resource(
                Kind.HOST_ENDPOINT,
                "spec: {node: n1, interfaceName: eth0, ports: [{name: ssh, protocol: TCP, port: 22}]}");
    assertThat(host.spec().ports()).hasSize(1);

    Decoded node =
        ResourceDecoder.decode(
            object(
                Kind.NODE,
                "n1",
                "spec: {podCIDR: 10.1.0.0/24}, status: {addresses: [{type: InternalIP, address: x},"
                    + " {type: Hostname, address: n1}, {type: InternalIP, address: 10.0.0.1}]}"));
    assertThat(node.problems()).hasSize(1);
    assertThat(((Node) node.resource()).ipAddresses()).hasToString("[10.0.0.1]");

    Decoded set =
        ResourceDecoder.decode(object(Kind.NETWORK_SET, "s", "spec: {nets: [10.0.0.1/8, x]}"));
    assertThat(((NetworkSet) set.resource()).nets()).hasToString("[10.0.0.0/8]");
    assertThat(set.problems()).hasSize(1);

    StagedNetworkPolicy staged = (StagedNetworkPolicy) resource(Kind.STAGED_NETWORK_POLICY, "");
    assertThat(staged.spec().stagedAction()).isEqualTo(StagedAction.SET);
  }

  /** Whatever is stored, decoding ends with a resource of the right kind and identity. */
  @ParameterizedTest
  @EnumSource(Kind.class)
  void decodingNeverFails(Kind kind) {
    Random random = new Random(kind.ordinal());
    for (int i = 0; i < 2_000; i++) {
      KubeObject object = object(kind, "web", "");
      for (String field : new String[] {"spec", "status", "endpoints", "ports", "addressType"}) {
        object.json().set(field, RandomJson.value(random, 5));
      }
      object.json().withObjectProperty("metadata").set("labels", RandomJson.value(random, 2));
      Resource resource = ResourceDecoder.decode(object).resource();
      assertThat(resource.kind()).isEqualTo(kind);
      assertThat(resource.key()).isEqualTo(object.key());
    }
  }

  @Test
  void jsonComesBackFromText() throws IOException {
    KubeObject object = object(Kind.NETWORK_POLICY, "web", "spec: {order: 10, types: [Ingress]}");
    JsonNode again = new YAMLMapper().readTree(object.json().toString());
    assertThat(Manifests.read("f", again.toString()).objects()).containsExactly(object);
  }
}
