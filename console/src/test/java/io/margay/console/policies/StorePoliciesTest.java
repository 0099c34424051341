package io.margay.console.policies;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore;
import io.margay.store.local.MemoryStore;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StorePoliciesTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final ResourceStore store = new MemoryStore();
  private final StorePolicies policies = new StorePolicies(store);

  @AfterEach
  void close() {
    store.close();
  }

  private void given(Kind kind, String yaml) throws IOException {
    store.create(new KubeObject(kind, (ObjectNode) YAML.readTree(yaml)));
  }

  private void policy(Kind kind, String namespace, String name, String spec) throws IOException {
    given(
        kind,
        """
        apiVersion: %s
        kind: %s
        metadata: {name: %s%s}
        spec: %s
        """
            .formatted(
                kind.apiVersion(),
                kind.kind(),
                name,
                namespace.isEmpty() ? "" : ", namespace: " + namespace,
                spec));
  }

  @Test
  void aPolicyIsShownAsItWasWritten() throws Exception {
    String yaml =
        """
        apiVersion: projectcalico.org/v3
        kind: NetworkPolicy
        metadata:
          name: cart
          namespace: shop
        spec:
          tier: application
          selector: app == 'cart'
          ingress:
            - action: Allow
              protocol: TCP
              destination:
                ports:
                  - 7070
                  - "8080:8090"
            - action: Deny
        """;
    given(Kind.NETWORK_POLICY, yaml);
    PolicyDocument policy = policies.find("CalicoNetworkPolicy", "shop", "cart").orElseThrow();
    assertThat(YAML.readTree(policy.yaml())).isEqualTo(YAML.readTree(yaml));
    assertThat(policy.tier()).isEqualTo("application");
    assertThat(policy.apiVersion()).isEqualTo("projectcalico.org/v3");
    assertThat(policy.ingress()).hasSize(2);
    assertThat(policy.ingress().getLast()).isEqualTo("action: Deny\n");
    assertThat(policy.egress()).isEmpty();
    assertThat(policies.find("NetworkPolicy", "shop", "cart")).isEmpty();
    assertThat(policies.find("Nonsense", "shop", "cart")).isEmpty();
  }

  @Test
  void theProfileOfANamespaceIsWhatItStandsFor() throws Exception {
    given(Kind.NAMESPACE, "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    PolicyDocument profile = policies.find("Profile", "", "kns.shop").orElseThrow();
    assertThat(profile.ingress()).containsExactly("action: Allow\n");
    assertThat(profile.yaml()).contains("name: kns.shop");
    assertThat(policies.find("Profile", "", "kns.lab")).isEmpty();
  }

  @Test
  void tiersAndPoliciesAreInEvaluationOrder() throws Exception {
    policy(Kind.TIER, "", "late", "{}");
    policy(Kind.TIER, "", "security", "{order: 100, defaultAction: Pass}");
    policy(Kind.NETWORK_POLICY, "shop", "b", "{tier: security, order: 5, egress: []}");
    policy(Kind.NETWORK_POLICY, "shop", "a", "{tier: security, ingress: [{action: Pass}]}");
    policy(Kind.STAGED_NETWORK_POLICY, "shop", "a", "{tier: security}");
    policy(Kind.GLOBAL_NETWORK_POLICY, "", "a", "{tier: security, order: 5}");
    policy(Kind.NETWORK_POLICY, "shop", "lost", "{tier: nowhere}");
    policy(Kind.KUBERNETES_NETWORK_POLICY, "shop", "k", "{podSelector: {}}");
    policy(
        Kind.CLUSTER_NETWORK_POLICY,
        "",
        "c",
        "{tier: Admin, priority: 7, subject: {namespaces: {}}, egress: [{action: Deny, to:"
            + " [{namespaces: {}}]}]}");
    List<TierListing> tiers = policies.tiers();
    assertThat(tiers)
        .extracting(TierListing::name)
        .containsExactly("security", "kube-admin", "default", "kube-baseline", "late", "nowhere");
    assertThat(tiers)
        .extracting(TierListing::missing)
        .containsExactly(false, false, false, false, false, true);
    assertThat(tiers.getFirst().policies())
        .extracting(p -> p.kind() + " " + p.namespace() + "/" + p.name())
        .containsExactly(
            "GlobalNetworkPolicy /a",
            "CalicoNetworkPolicy shop/b",
            "CalicoNetworkPolicy shop/a",
            "StagedNetworkPolicy shop/a");
    TierListing.Policy cluster = tiers.get(1).policies().getFirst();
    assertThat(cluster.order()).isEqualTo(7.0);
    assertThat(cluster.egressRules()).isEqualTo(1);
    assertThat(tiers.get(2).policies().getFirst().order()).isEqualTo(1000.0);
  }
}
