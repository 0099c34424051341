package io.margay.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.verdict.Verdict;
import io.margay.policy.decide.Connection;
import io.margay.policy.decide.PathPeer;
import io.margay.policy.decide.UnknownPeerException;
import io.margay.policy.engine.Failsafes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainerTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final PathPeer WEB = new PathPeer.Pod("shop", "web");
  private static final PathPeer CART = new PathPeer.Pod("shop", "cart");

  private final Explainer explainer = new Explainer(Failsafes.CALICO);

  @BeforeEach
  void cluster() throws IOException {
    given(Kind.NAMESPACE, "{metadata: {name: shop}}");
    given(Kind.NODE, "{metadata: {name: n}}");
    pod("web", "10.0.0.1");
    pod("cart", "10.0.0.2");
  }

  private void pod(String name, String address) throws IOException {
    given(
        Kind.POD,
        "{metadata: {name: %s, namespace: shop, labels: {app: %s}}, spec: {nodeName: n}, status: {phase: Running, podIPs: [{ip: %s}]}}"
            .formatted(name, name, address));
  }

  private void given(Kind kind, String yaml) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(yaml);
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    explainer.apply(
        new ResourceChange.Upsert(ResourceDecoder.decode(new KubeObject(kind, object)).resource()));
  }

  private Explanation explain(PathPeer from, PathPeer to) {
    return explainer.explain(
        new Connection(from, to, IpFamily.IPV4, Protocol.TCP, 40000, 80, List.of()));
  }

  private List<String> flip(Verdict expected) {
    Explanation explanation = explain(WEB, CART);
    assertThat(explanation.decision().enforced().verdict()).isEqualTo(expected);
    // Asking changes nothing.
    assertThat(explain(WEB, CART)).isEqualTo(explanation);
    return explanation.flip().stream().map(Change::toString).toList();
  }

  @Test
  void withoutPoliciesAFirstOneWouldDeny() {
    assertThat(flip(Verdict.ALLOW))
        .containsExactly(
            "add a NetworkPolicy to namespace shop that selects cart for ingress and does not"
                + " allow this");
  }

  @Test
  void theEndOfATierIsTurnedByARuleInThePolicyThatTriggeredIt() throws IOException {
    given(
        Kind.KUBERNETES_NETWORK_POLICY,
        "{metadata: {name: closed, namespace: shop}, spec: {podSelector: {}}}");
    assertThat(flip(Verdict.DENY))
        .containsExactly(
            "add an ingress rule to NetworkPolicy shop/closed that allows TCP port 80 from"
                + " shop/web");
  }

  @Test
  void bothEndsMayHaveToBeOpened() throws IOException {
    given(
        Kind.NETWORK_POLICY,
        "{metadata: {name: both, namespace: shop}, spec: {selector: all(), types: [Ingress,"
            + " Egress], egress: [{action: Deny}]}}");
    assertThat(flip(Verdict.DENY))
        .containsExactly(
            "remove egress rule 0 (Deny) from CalicoNetworkPolicy shop/both",
            "add an egress rule to CalicoNetworkPolicy shop/both that allows TCP port 80 to"
                + " shop/cart",
            "add an ingress rule to CalicoNetworkPolicy shop/both that allows TCP port 80 from"
                + " shop/web");
  }

  @Test
  void everyRuleThatAllowsHasToGo() throws IOException {
    given(
        Kind.GLOBAL_NETWORK_POLICY,
        "{metadata: {name: open}, spec: {order: 1, selector: app == 'cart', ingress: [{action:"
            + " Deny, protocol: UDP}, {action: Allow}]}}");
    given(
        Kind.KUBERNETES_NETWORK_POLICY,
        "{metadata: {name: cart, namespace: shop}, spec: {podSelector: {}, ingress: [{from:"
            + " [{podSelector: {}}]}]}}");
    assertThat(flip(Verdict.ALLOW))
        .containsExactly(
            "remove ingress rule 1 (Allow) from GlobalNetworkPolicy open",
            "remove ingress rule 0 (Allow) from NetworkPolicy shop/cart");
  }

  @Test
  void clusterWideDenialsAreTurnedByRemovingTheirRule() throws IOException {
    given(
        Kind.CLUSTER_NETWORK_POLICY,
        "{metadata: {name: guard}, spec: {tier: Admin, priority: 5, subject: {namespaces: {}},"
            + " ingress: [{action: Deny, from: [{namespaces: {}}]}]}}");
    assertThat(flip(Verdict.DENY))
        .containsExactly("remove ingress rule 0 (Deny) from ClusterNetworkPolicy guard");
  }

  @Test
  void whatNoPolicyJudgesCannotBeTurned() {
    PathPeer one = new PathPeer.Address(IpAddress.parse("203.0.113.1"));
    PathPeer other = new PathPeer.Address(IpAddress.parse("203.0.113.2"));
    Explanation explanation = explain(one, other);
    assertThat(explanation.decision().enforced().verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(explanation.decision().enforced().steps()).isEmpty();
    assertThat(explanation.flip()).isEmpty();
  }

  @Test
  void unknownPeersAreNamed() {
    assertThatThrownBy(() -> explain(WEB, new PathPeer.Pod("shop", "nobody")))
        .isInstanceOf(UnknownPeerException.class)
        .hasMessageContaining("shop/nobody");
  }
}
