package io.margay.agents.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Problem;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agents that are known by their pods. */
class PodIdentitiesTest {
  private static final ResourceKey SUPPORT = new ResourceKey(Kind.AGENT, "", "support");

  private static final String AGENT =
      """
      apiVersion: agents.margay.io/v1alpha1
      kind: Agent
      metadata: {name: support}
      spec:
        owner: dana@shop.example
        workload: {namespace: shop, podSelector: {matchLabels: {app: support}}}
      """;

  private final List<RegistrySnapshot> told = new ArrayList<>();
  private final AgentRegistry registry = new AgentRegistry("shop.example", told::add);

  private static Resource read(String yaml) {
    Manifests.Result read = Manifests.read("test.yaml", yaml);
    assertThat(read.problems()).isEmpty();
    return ResourceDecoder.decode(read.objects().getFirst()).resource();
  }

  private static String pod(String namespace, String name, String app, String account) {
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: %s, namespace: %s, labels: {app: %s}}
    spec: {serviceAccountName: %s, containers: [{name: c, image: i}]}
    """
        .formatted(name, namespace, app, account);
  }

  private void put(String... yaml) {
    for (String one : yaml) {
      registry.changed(new ResourceChange.Upsert(read(one)));
    }
    registry.changed(new ResourceChange.InSync());
    registry.flush();
  }

  private RegistrySnapshot now() {
    return told.getLast();
  }

  private void assertRefused(String reason) {
    assertThat(now().agents()).isEmpty();
    assertThat(now().bySpiffeId()).isEmpty();
    assertThat(now().problems().get(SUPPORT))
        .singleElement()
        .extracting(Problem::toString)
        .asString()
        .contains("Agent support, spec.workload", reason);
  }

  @Test
  void anAgentHasTheIdentityOfItsPodsServiceAccount() {
    put(
        AGENT,
        pod("shop", "support-1", "support", "helper"),
        pod("shop", "support-2", "support", "helper"),
        pod("shop", "web-1", "web", "web"),
        pod("elsewhere", "support-1", "support", "helper"));
    assertThat(now().spiffeIdOf("support")).isEqualTo("spiffe://shop.example/ns/shop/sa/helper");
    assertThat(now().bySpiffeId()).containsOnlyKeys("spiffe://shop.example/ns/shop/sa/helper");
    assertThat(now().problems()).isEmpty();
  }

  @Test
  void withoutAPodNobodyIsTheAgent() {
    put(AGENT, pod("shop", "web-1", "web", "web"));
    assertRefused("selects no pod");
    put(pod("shop", "support-1", "support", "helper"));
    assertThat(now().agents()).containsOnlyKeys("support");
    registry.changed(new ResourceChange.Removed(new ResourceKey(Kind.POD, "shop", "support-1")));
    registry.flush();
    assertRefused("selects no pod");
  }

  @ParameterizedTest
  @CsvSource({
    "support,other,its pods have the service accounts helper\\, other",
    "web,helper,pod shop/other-1 has the service account helper too and is not selected"
  })
  void aServiceAccountThatIsNotTheAgentsAloneIsNobodys(String app, String account, String reason) {
    put(AGENT, pod("shop", "support-1", "support", "helper"), pod("shop", "other-1", app, account));
    assertRefused(reason.replace("\\", ""));
  }

  @Test
  void aNamedIdentityStandsWhateverItsPodsAre() {
    put(AGENT.replace("workload:", "spiffeId: spiffe://shop.example/s\n  workload:"));
    assertThat(now().spiffeIdOf("support")).isEqualTo("spiffe://shop.example/s");
  }

  @Test
  void whatChangesNobodysIdentityIsNoNews() {
    put(AGENT, pod("shop", "support-1", "support", "helper"));
    put(pod("shop", "support-1", "support", "helper"));
    int before = told.size();
    registry.changed(
        new ResourceChange.Upsert(
            read(pod("shop", "support-1", "support", "helper") + "status: {phase: Running}\n")));
    registry.flush();
    assertThat(told).hasSize(before);
  }

  @Test
  void podsWhereNoAgentIsKnownByThemAreNoNewsUntilOneIs() {
    put(AGENT, pod("shop", "support-1", "support", "helper"));
    int before = told.size();
    registry.changed(new ResourceChange.Upsert(read(pod("desk", "support-1", "support", "clerk"))));
    registry.changed(new ResourceChange.Upsert(read(pod("yard", "web-1", "web", "web"))));
    registry.changed(new ResourceChange.Removed(new ResourceKey(Kind.POD, "yard", "web-1")));
    registry.flush();
    assertThat(told).hasSize(before);
    put(AGENT.replace("namespace: shop", "namespace: desk"));
    assertThat(now().spiffeIdOf("support")).isEqualTo("spiffe://shop.example/ns/desk/sa/clerk");
  }
}
