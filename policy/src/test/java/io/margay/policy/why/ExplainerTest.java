package io.margay.policy.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.UnknownPeerException;
import io.margay.policy.engine.Failsafes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private final Map<ResourceKey, Resource> resources = new HashMap<>();

  ExplainerTest() {
    put(new Namespace(ObjectMeta.of("", "shop", Map.of("kubernetes.io/metadata.name", "shop"))));
    put(pod("web", "10.0.0.1"));
    put(pod("db", "10.0.0.2"));
  }

  @Test
  void namesTheDenyRuleAndPutsAnAllowBeforeIt() {
    put(
        new NetworkPolicy(
            ObjectMeta.of("shop", "db", Map.of()),
            calico("app == 'db'", PolicyType.INGRESS, List.of(Rule.of(RuleAction.DENY)))));

    Explanation explanation = explain("web", "db", 5432);

    assertThat(explanation.decision().enforced().verdict()).isEqualTo(Verdict.DENY);
    Change change = onlyChange(explanation);
    assertThat(change.statement())
        .isEqualTo(
            "add an Allow rule before ingress rule 0 of CalicoNetworkPolicy shop/db in tier"
                + " default");
    assertThat(change.yaml())
        .isEqualTo(
            """
            - action: Allow
              protocol: TCP
              source:
                selector: 'app == "web"'
              destination:
                ports: [5432]
            """);
  }

  @Test
  void extendsTheKubernetesPolicyThatIsolatesThePod() {
    put(
        new KubernetesNetworkPolicy(
            ObjectMeta.of("shop", "db", Map.of()),
            new KubernetesNetworkPolicy.Spec(
                new LabelSelector(Map.of("app", "db"), List.of()),
                List.of(),
                List.of(),
                List.of(PolicyType.INGRESS))));

    Change change = onlyChange(explain("web", "db", 5432));

    assertThat(change.statement())
        .isEqualTo(
            "add an Allow rule to the ingress rules of NetworkPolicy shop/db in tier default");
    assertThat(change.yaml())
        .isEqualTo(
            """
            - from:
              - podSelector:
                  matchLabels:
                    app: "web"
              ports:
              - protocol: TCP
                port: 5432
            """);
  }

  @Test
  void suggestsAPolicyWhereNoneAppliesAndItsYamlIsWhatWasTried() throws JsonProcessingException {
    Change change = onlyChange(explain("web", "db", 5432));

    assertThat(change.statement())
        .isEqualTo(
            "create GlobalNetworkPolicy deny-to-db in tier default, which denies this traffic");
    ObjectNode json = (ObjectNode) new YAMLMapper().readTree(change.yaml());
    assertThat(ResourceDecoder.decode(new KubeObject(Kind.GLOBAL_NETWORK_POLICY, json)).resource())
        .isEqualTo(change.result());
  }

  @Test
  void removesTheRuleThatAllows() {
    put(
        new NetworkPolicy(
            ObjectMeta.of("shop", "db", Map.of()),
            calico("app == 'db'", PolicyType.INGRESS, List.of(Rule.of(RuleAction.ALLOW)))));

    assertThat(onlyChange(explain("web", "db", 5432)).statement())
        .isEqualTo("remove ingress rule 0 of CalicoNetworkPolicy shop/db in tier default");
  }

  @Test
  void needsAChangeAtEachEndThatDenies() {
    put(
        new GlobalNetworkPolicy(
            ObjectMeta.of("", "nobody", Map.of()),
            new CalicoPolicySpec(
                "default",
                1.0,
                Selector.all(),
                null,
                null,
                List.of(PolicyType.INGRESS, PolicyType.EGRESS),
                List.of(),
                List.of(),
                false,
                false,
                false,
                null,
                null)));

    Explanation explanation = explain("web", "db", 5432);

    assertThat(explanation.points()).hasSize(1);
    assertThat(explanation.flip().changes()).hasSize(2);
    assertThat(explanation.flip().summary()).contains("to the egress rules of");
  }

  @Test
  void showsTheTiersThatDidNotDecideToo() {
    put(
        new NetworkPolicy(
            ObjectMeta.of("shop", "db", Map.of()),
            calico("app == 'db'", PolicyType.INGRESS, List.of(Rule.of(RuleAction.PASS)))));

    Explanation.Point ingress = explain("web", "db", 5432).points().getLast();

    assertThat(ingress.tiers())
        .singleElement()
        .satisfies(tier -> {
          assertThat(tier.name()).isEqualTo("default");
          assertThat(tier.policies()).extracting(Object::toString).hasSize(1);
        });
    assertThat(ingress.profiles()).containsExactly("kns.shop");
  }

  @Test
  void hasNothingToFlipWhereNobodyJudges() {
    Explanation explanation =
        new Explainer(resources, Failsafes.NONE)
            .explain(
                connection(
                    new PathPeer.Address(IpAddress.parse("192.0.2.1")),
                    new PathPeer.Address(IpAddress.parse("192.0.2.2")),
                    80));

    assertThat(explanation.points()).isEmpty();
    assertThat(explanation.flip()).isNull();
  }

  @Test
  void knowsThePortsThatNoPolicyCloses() {
    put(
        new HostEndpoint(
            ObjectMeta.of("", "uplink", Map.of()),
            new HostEndpoint.Spec(
                "n1", "eth0", List.of(IpAddress.parse("172.16.0.1")), List.of(), List.of())));
    Connection ssh =
        connection(
            new PathPeer.Address(IpAddress.parse("192.0.2.1")), new PathPeer.Host("uplink"), 22);

    Explanation without = new Explainer(resources, Failsafes.NONE).explain(ssh);
    Explanation with = new Explainer(resources, Failsafes.CALICO).explain(ssh);

    assertThat(without.decision().enforced().verdict()).isEqualTo(Verdict.DENY);
    assertThat(with.decision().enforced().verdict()).isEqualTo(Verdict.ALLOW);
  }

  @Test
  void saysWhoIsUnknown() {
    assertThatThrownBy(() -> explain("web", "cache", 80))
        .isInstanceOf(UnknownPeerException.class)
        .hasMessage("pod shop/cache does not exist");
  }

  private static Change onlyChange(Explanation explanation) {
    assertThat(explanation.flip()).isNotNull();
    assertThat(explanation.flip().changes()).hasSize(1);
    return explanation.flip().changes().getFirst();
  }

  private Explanation explain(String from, String to, int port) {
    return new Explainer(resources, Failsafes.NONE)
        .explain(connection(new PathPeer.Pod("shop", from), new PathPeer.Pod("shop", to), port));
  }

  private static Connection connection(PathPeer from, PathPeer to, int port) {
    return new Connection(from, to, IpFamily.IPV4, Protocol.TCP, 40_000, port, List.of());
  }

  private static CalicoPolicySpec calico(String selector, PolicyType type, List<Rule> ingress) {
    return new CalicoPolicySpec(
        "default",
        1.0,
        Selector.parse(selector),
        null,
        null,
        List.of(type),
        ingress,
        List.of(),
        false,
        false,
        false,
        null,
        null);
  }

  private void put(Resource resource) {
    resources.put(resource.key(), resource);
  }

  private static Pod pod(String name, String ip) {
    return new Pod(
        ObjectMeta.of("shop", name, Map.of("app", name, "pod-template-hash", "abc")),
        new Pod.Spec("n1", "default", false, List.of()),
        new Pod.Status("Running", List.of(new Pod.PodIp(IpAddress.parse(ip)))));
  }
}
