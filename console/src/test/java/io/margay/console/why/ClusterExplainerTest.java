package io.margay.console.why;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.verdict.Verdict;
import io.margay.policy.why.Explanation.Point;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterExplainerTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ClusterExplainer explainer = new ClusterExplainer();

  @BeforeEach
  void cluster() throws IOException {
    given(Kind.NAMESPACE, "{metadata: {name: shop}}");
    pod("web", "[{ip: 10.0.0.1}, {ip: 'fd00::1'}]");
    pod("cart", "[{ip: 10.0.0.2}, {ip: 'fd00::2'}]");
    pod("six", "[{ip: 'fd00::3'}]");
    given(
        Kind.HOST_ENDPOINT,
        "{metadata: {name: edge}, spec: {node: n, interfaceName: eth0, expectedIPs:"
            + " [192.168.0.1]}}");
    given(
        Kind.STAGED_NETWORK_POLICY,
        "{metadata: {name: lock, namespace: shop}, spec: {selector: app == 'web', types:"
            + " [Egress]}}");
  }

  private void pod(String name, String addresses) throws IOException {
    given(
        Kind.POD,
        "{metadata: {name: %s, namespace: shop, labels: {app: %s}}, spec: {nodeName: n}, status: {phase: Running, podIPs: %s}}"
            .formatted(name, name, addresses));
  }

  private void given(Kind kind, String yaml) throws IOException {
    ObjectNode object = (ObjectNode) YAML.readTree(yaml);
    object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    explainer.apply(
        new ResourceChange.Upsert(ResourceDecoder.decode(new KubeObject(kind, object)).resource()));
  }

  private WhyAnswer ask(String from, String to) {
    return explainer.explain(new WhyQuestion(from, to, Protocol.TCP, 80));
  }

  @Test
  void whatIsDeniedPendingEndsThereAndGoesOnEnforced() {
    WhyAnswer answer = ask("shop/web", "shop/cart");
    assertThat(answer.explanation().decision().enforced().verdict()).isEqualTo(Verdict.ALLOW);
    assertThat(answer.explanation().decision().pending().verdict()).isEqualTo(Verdict.DENY);
    List<Point> points = answer.explanation().points();
    assertThat(points).hasSize(2);
    assertThat(points.getFirst().endpoint()).hasToString("shop/web");
    assertThat(points.getFirst().pending().verdict()).isEqualTo(Verdict.DENY);
    assertThat(points.getLast().enforced().trace().getLast().name()).isEqualTo("kns.shop");
    assertThat(points.getLast().pending()).isNull();
    assertThat(answer.notes()).isEmpty();
    assertThat(answer.explanation().flip()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.1, shop/cart, ALLOW, 203.0.113.1 is no endpoint",
    "shop/cart, 203.0.113.1, ALLOW, 203.0.113.1 is no endpoint",
    "shop/six, fd00::9, ALLOW, fd00::9 is no endpoint",
    "2001:db8::1, shop/cart, ALLOW, 2001:db8::1 is no endpoint",
    "203.0.113.1, host:edge, DENY, 203.0.113.1 is no endpoint",
  })
  void endsThatNobodyJudgesAreTold(String from, String to, Verdict verdict, String note) {
    WhyAnswer answer = ask(from, to);
    assertThat(answer.explanation().decision().enforced().verdict()).isEqualTo(verdict);
    assertThat(answer.notes()).singleElement().asString().contains(note);
  }

  @Test
  void theNameOfAnOwnerStandsForItsFirstPod() throws IOException {
    pod("api-gateway-1-a", "[{ip: 10.0.0.7}]");
    pod("api-7d-b", "[{ip: 10.0.0.8}]");
    pod("api-7d-a", "[{ip: 10.0.0.9}]");
    WhyAnswer answer = ask("shop/web", "shop/api");
    assertThat(answer.explanation().points().getLast().endpoint()).hasToString("shop/api-7d-a");
    assertThat(answer.notes()).containsExactly("shop/api stands for the pod shop/api-7d-a");
  }

  @Test
  void whatIsRemovedIsForgotten() {
    explainer.apply(new ResourceChange.Removed(new ResourceKey(Kind.POD, "shop", "cart")));
    assertThatThrownBy(() -> ask("shop/web", "shop/cart")).hasMessageContaining("shop/cart");
  }

  @Test
  void theFamilyIsOneThatBothHave() {
    assertThat(ask("shop/web", "shop/six").explanation().decision().packet().family())
        .isEqualTo(IpFamily.IPV6);
    assertThatThrownBy(() -> ask("10.0.0.1", "shop/six"))
        .hasMessageContaining("shop/six has no IPv4 address");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shop/nobody | shop/cart | pod shop/nobody does not exist",
        "shop/web | host:nowhere | nowhere does not exist",
        "web | shop/cart | \"web\" is no peer, write namespace/pod",
        "10.0.0.1 | fd00::2 | differ in family",
      })
  void whatIsNotKnownIsSaid(String from, String to, String message) {
    assertThatThrownBy(() -> ask(from, to))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
