package io.margay.policy.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Cidr;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.policy.recommend.Recommender.Options;
import io.margay.policy.recommend.Recommender.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecommenderTest {
  private static final Addresses ADDRESSES =
      new Addresses(
          List.of(Cidr.parse("10.0.0.0/8"), Cidr.parse("fc00::/7")),
          List.of(Cidr.parse("10.244.0.0/16")));
  private static final Peer WEB = workload("shop", "web");
  private static final Peer DB = workload("shop", "db");
  private static final Peer LAB = workload("lab", "try");

  private static Peer workload(String namespace, String app) {
    return new Peer.Workload(namespace, app + "-*", Map.of("app", app));
  }

  private static Observation tcp(Peer from, Peer to, int port) {
    return new Observation(from, to, Protocol.TCP, port);
  }

  private static Recommendations recommend(Scope scope, List<Observation> seen) {
    return recommend(scope, Map.of(), seen);
  }

  private static Recommendations recommend(
      Scope scope, Map<ResourceKey, KubeObject> existing, List<Observation> seen) {
    return new Recommender(Options.of(scope), "shop"::equals, _ -> true, ADDRESSES, existing)
        .recommend(seen);
  }

  @Test
  void aHostEndpointGetsAGlobalPolicyThatNoPodIsUnder() {
    Peer host = new Peer.Host("node-1", Map.of("role", "gateway"), true);
    List<Observation> seen =
        List.of(tcp(WEB, host, 9100), tcp(host, DB, 5432), tcp(host, host, 22));
    KubeObject policy = named(recommend(Scope.WORKLOAD, seen), "gateway-");
    assertThat(policy.kind()).isEqualTo(Kind.STAGED_GLOBAL_NETWORK_POLICY);
    assertThat(policy.json().path("metadata").has("namespace")).isFalse();
    JsonNode spec = policy.json().path("spec");
    assertThat(spec.path("selector").asText())
        .isEqualTo("(role == \"gateway\" && !has(projectcalico.org/namespace))");
    assertThat(spec.at("/ingress/0/source/namespaceSelector").asText())
        .isEqualTo("projectcalico.org/name == \"shop\"");
    assertThat(spec.at("/ingress/0/destination/ports/0").asInt()).isEqualTo(9100);
    assertThat(spec.at("/ingress/1/source/nets/0").asText()).isEqualTo("10.0.0.0/8");
    assertThat(spec.at("/egress/0/destination/namespaceSelector").asText())
        .isEqualTo("projectcalico.org/name == \"shop\"");
    assertThat(spec.at("/ingress/0/metadata/annotations").path(Recommender.SCOPE).asText())
        .isEqualTo("host");
    KubeObject accepted = policy;
    ((ObjectNode) accepted.json().path("spec")).put("stagedAction", "Set");
    assertThat(recommend(Scope.WORKLOAD, Map.of(accepted.key(), accepted), seen).notes())
        .contains(accepted.key() + ": not at Learn, so it stays as it is");
  }

  @Test
  void hostEndpointsWithTheSameLabelsGetNoPolicy() {
    Recommendations none =
        recommend(Scope.NAMESPACE, List.of(tcp(new Peer.Host("n1", Map.of(), true), LAB, 80)));
    assertThat(none.policies()).isEmpty();
    assertThat(none.notes())
        .containsExactly(
            "host n1: no labels tell it apart from other host endpoints: no policy of its own");
  }

  private static KubeObject named(Recommendations all, String prefix) {
    return all.policies().stream()
        .filter(policy -> policy.name().startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  private static CalicoPolicySpec spec(KubeObject policy) {
    return ((StagedNetworkPolicy) ResourceDecoder.decode(policy).resource()).spec();
  }

  private static int rules(Recommendations all) {
    return all.policies().stream()
        .map(RecommenderTest::spec)
        .mapToInt(spec -> spec.ingress().size() + spec.egress().size())
        .sum();
  }

  private static List<String> ingress(KubeObject policy) {
    return spec(policy).ingress().stream().map(rule -> text(rule, rule.source())).toList();
  }

  private static List<String> egress(KubeObject policy) {
    return spec(policy).egress().stream().map(rule -> text(rule, rule.destination())).toList();
  }

  private static String text(Rule rule, EntityRule far) {
    return rule.protocol()
        + " "
        + (far.selector() == null ? "" : far.selector())
        + (far.namespaceSelector() == null ? "" : " in " + far.namespaceSelector())
        + far.nets()
        + far.notNets();
  }

  private static String note(KubeObject policy) {
    return policy.json().at("/metadata/annotations").path(Recommender.NOTES).asText();
  }

  private static List<Observation> scan(Peer from, Peer to) {
    return IntStream.rangeClosed(1, 60_000).mapToObj(port -> tcp(from, to, port)).toList();
  }

  @Test
  void peersAreGeneralisedInOrder() {
    List<Observation> seen =
        List.of(
            tcp(new Peer.PublicAddress(), DB, 1),
            tcp(new Peer.PrivateAddress(), DB, 1),
            tcp(new Peer.NetworkSet("", "partners", Map.of("set", "partners")), DB, 1),
            tcp(LAB, DB, 1),
            tcp(WEB, DB, 1),
            tcp(workload("shop", "api"), DB, 1));

    KubeObject db = named(recommend(Scope.WORKLOAD, seen), "db-");

    assertThat(ingress(db))
        .containsExactly(
            "TCP app in {\"api\", \"web\"}[][]",
            "TCP  in projectcalico.org/name == \"lab\"[][]",
            "TCP set == \"partners\" in global()[][]",
            "TCP [10.0.0.0/8][10.244.0.0/16]",
            "TCP [][10.0.0.0/8, 10.244.0.0/16]");
    assertThat(spec(db).egress()).isEmpty();
    assertThat(spec(db).types()).hasSize(2);
  }

  @Test
  void aNamespaceHasOnePolicyAndNamesNamespaces() {
    Recommendations all =
        recommend(Scope.NAMESPACE, List.of(tcp(WEB, DB, 5432), tcp(LAB, DB, 5432)));

    assertThat(all.policies()).hasSize(1);
    assertThat(ingress(all.policies().getFirst()))
        .containsExactly("TCP  in projectcalico.org/name in {\"lab\", \"shop\"}[][]");
  }

  @Test
  void whatIsRecommendedCanBeApplied() {
    List<Observation> seen = new ArrayList<>();
    for (Peer far :
        List.of(
            LAB,
            WEB,
            new Peer.NetworkSet("", "partners", Map.of("set", "partners")),
            new Peer.PrivateAddress(),
            new Peer.PublicAddress())) {
      for (Protocol protocol :
          List.of(Protocol.TCP, Protocol.ICMP, Protocol.ICMPV6, new Protocol(47))) {
        seen.add(new Observation(far, DB, protocol, protocol.hasPorts() ? 80 : 0));
        seen.add(new Observation(DB, far, protocol, protocol.hasPorts() ? 81 : 0));
      }
    }
    for (Scope scope : Scope.values()) {
      for (KubeObject policy : recommend(scope, seen).policies()) {
        Manifests.Result read = Manifests.read("policy", policy.json().toString());
        assertThat(read.problems()).isEmpty();
        assertThat(ResourceDecoder.decode(policy).problems()).isEmpty();
      }
    }
  }

  @Test
  void onlyPingsAreLearnedOfIcmp() {
    KubeObject db =
        named(
            recommend(
                Scope.WORKLOAD,
                List.of(
                    new Observation(WEB, DB, Protocol.ICMP, 0),
                    new Observation(WEB, DB, Protocol.ICMPV6, 0))),
            "db-");

    assertThat(spec(db).ingress())
        .extracting(Rule::icmp)
        .containsExactly(new Rule.IcmpMatch(8, null), new Rule.IcmpMatch(128, null));
    assertThat(note(db)).contains("of ICMP only echo requests").contains("of ICMPv6 only");
  }

  @Test
  void aPortScanIsOneNoteInThePolicyAndNoRule() {
    for (Peer from : List.of(LAB, WEB, new Peer.PublicAddress())) {
      List<Observation> seen = new ArrayList<>(scan(from, DB));
      seen.add(tcp(workload("shop", "api"), DB, 5432));

      Recommendations all = recommend(Scope.WORKLOAD, seen);

      assertThat(rules(all)).isEqualTo(2);
      assertThat(note(named(all, "db-")))
          .contains("60000 ports of TCP, 1 to 60000, looks like a scan: no rule for it");
      assertThat(all.notes()).anyMatch(note -> note.startsWith("shop/db-*: from "));
    }
  }

  @Test
  void aSlowScanOfManyIsBoundedToo() {
    List<Observation> seen = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      for (int port = 0; port < 30; port++) {
        seen.add(tcp(workload("n" + i, "x"), DB, 1 + i * 30 + port));
        seen.add(tcp(WEB, workload("shop", "s" + i), 1 + i * 30 + port));
      }
    }

    Recommendations all = recommend(Scope.WORKLOAD, seen);

    assertThat(spec(named(all, "db-")).ingress()).hasSize(RuleLearner.MOST_RULES);
    assertThat(note(named(all, "db-"))).contains("400 more rules from others");
    assertThat(spec(named(all, "web-")).egress()).hasSize(RuleLearner.MOST_RULES);
  }

  @Test
  void aSweepOverManyWorkloadsIsOneRule() {
    List<Observation> seen =
        IntStream.range(0, 500).mapToObj(i -> tcp(WEB, workload("shop", "s" + i), 80)).toList();

    KubeObject web = named(recommend(Scope.WORKLOAD, seen), "web-");

    assertThat(egress(web)).containsExactly("TCP all()[][]");
    assertThat(note(web)).contains("to 500 workloads of its namespace at once");
  }

  @Test
  void whatAnAuthorWroteStaysByteForByteAndTheRestIsLearnedAgain() {
    KubeObject first = recommend(Scope.NAMESPACE, List.of(tcp(LAB, DB, 1))).policies().getFirst();
    Manifests.Result owned =
        Manifests.read(
            "owned",
            """
            apiVersion: projectcalico.org/v3
            kind: StagedNetworkPolicy
            metadata:
              name: %s
              namespace: shop
              labels: {owner: payments}
              annotations: {ticket: "7"}
            spec:
              stagedAction: Learn
              tier: security
              order: 12.5
              selector: all()
              serviceAccountSelector: team == 'payments'
              performanceHints: [AssumeNeededOnEveryNode]
              types: [Ingress, Egress]
              ingress:
              - action: Deny
                protocol: ICMP
                icmp: {type: 5, code: 1}
                notProtocol: UDP
              - action: Allow
                ipVersion: 4
                protocol: TCP
                http: {methods: [GET], paths: [{exact: /health}]}
                source:
                  notSelector: app == 'x'
                  serviceAccounts: {names: [a], selector: b == 'c'}
                  notPorts: [1]
                destination: {notNets: [10.0.0.0/8], ports: [http]}
                metadata: {annotations: {why: health}}
              egress:
              - action: Allow
                destination: {services: {name: dns, namespace: kube-system}}
              - action: Pass
                notICMP: {type: 8}
                protocol: ICMP
            """
                .formatted(first.name()));
    assertThat(owned.problems()).isEmpty();
    ObjectNode edited = owned.objects().getFirst().json().deepCopy();
    // Between the author's two rules into it there is one that was learned.
    ((ArrayNode) edited.at("/spec/ingress"))
        .insert(1, first.json().at("/spec/ingress/0").deepCopy());
    KubeObject before = new KubeObject(Kind.STAGED_NETWORK_POLICY, edited);

    KubeObject again =
        recommend(Scope.NAMESPACE, Map.of(before.key(), before), List.of(tcp(LAB, DB, 2)))
            .policies()
            .getFirst();

    assertThat(again.key()).isEqualTo(first.key());
    ObjectNode rest = again.json().deepCopy();
    JsonNode learned = ((ArrayNode) rest.at("/spec/ingress")).remove(1);
    assertThat(learned.at("/destination/ports")).hasToString("[2]");
    ((ObjectNode) rest.at("/metadata/annotations")).remove(Recommender.SCOPE);
    assertThat(rest).hasToString(owned.objects().getFirst().json().toString());
  }

  @Test
  void learnedRulesStayBehindTheAuthorsThatTheyWereBehind() {
    KubeObject first =
        recommend(Scope.NAMESPACE, List.of(tcp(LAB, DB, 1), tcp(WEB, DB, 2))).policies().getFirst();
    ObjectNode edited = first.json().deepCopy();
    ArrayNode rules = (ArrayNode) edited.at("/spec/ingress");
    assertThat(rules).hasSize(2);
    rules.insertObject(1).put("action", "Deny");
    rules.addObject().put("action", "Log");
    KubeObject before = new KubeObject(Kind.STAGED_NETWORK_POLICY, edited);

    JsonNode again =
        recommend(Scope.NAMESPACE, Map.of(before.key(), before), List.of(tcp(LAB, DB, 3)))
            .policies()
            .getFirst()
            .json()
            .at("/spec/ingress");

    assertThat(again.valueStream().map(rule -> rule.path("action").asText()))
        .containsExactly("Deny", "Allow", "Log");
  }

  @Test
  void whatIsAcceptedDismissedOrEnforcedIsLeftAlone() {
    List<Observation> seen = List.of(tcp(LAB, DB, 1));
    KubeObject first = recommend(Scope.NAMESPACE, seen).policies().getFirst();
    for (String action : List.of("Set", "Ignore", "Delete")) {
      ObjectNode json = first.json().deepCopy();
      ((ObjectNode) json.path("spec")).put("stagedAction", action);
      KubeObject kept = new KubeObject(Kind.STAGED_NETWORK_POLICY, json);

      Recommendations all = recommend(Scope.NAMESPACE, Map.of(kept.key(), kept), seen);

      assertThat(all.policies()).isEmpty();
      assertThat(all.notes()).containsExactly(kept.key() + ": not at Learn, so it stays as it is");
    }
    KubeObject enforced = new KubeObject(Kind.NETWORK_POLICY, first.json());
    Recommendations all = recommend(Scope.NAMESPACE, Map.of(enforced.key(), enforced), seen);
    assertThat(all.policies()).isEmpty();
    assertThat(all.notes()).hasSize(1);
  }

  @Test
  void whatNoRuleCanNameIsLeftOutAndSaid() {
    Peer bare = new Peer.Workload("shop", "bare", Map.of());
    Recommendations all =
        recommend(
            Scope.WORKLOAD,
            List.of(tcp(bare, DB, 1), tcp(new Peer.NetworkSet("", "set", Map.of()), DB, 2)));

    KubeObject db = named(all, "db-");
    assertThat(all.policies()).hasSize(1);
    assertThat(ingress(db)).containsExactly("TCP  in projectcalico.org/name == \"shop\"[][]");
    assertThat(note(db)).contains("shop/bare: no labels").contains("network set set: it has no");
    assertThat(all.notes()).anyMatch(note -> note.contains("no policy of its own"));
  }

  @Test
  void theOrderOfRecordsMakesNoDifference() {
    List<Observation> seen =
        new ArrayList<>(
            List.of(
                tcp(WEB, DB, 2),
                tcp(WEB, DB, 1),
                tcp(LAB, DB, 3),
                tcp(DB, WEB, 4),
                tcp(new Peer.PublicAddress(), WEB, 443)));
    Recommendations first = recommend(Scope.WORKLOAD, seen);
    Random random = new Random(7);
    for (int i = 0; i < 20; i++) {
      Collections.shuffle(seen, random);
      assertThat(recommend(Scope.WORKLOAD, seen)).hasToString(first.toString());
    }
  }
}
