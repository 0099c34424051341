package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.assertion.AssertionFigures;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.StorePolicies;
import io.margay.console.status.MetricOptions;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.LiveStreams;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When policies and rules were last used, and what is not known of that. */
class PolicyUseTest extends ShopTestCase {
  /** What was seen until the clock was turned: memory forgets within minutes. */
  private volatile @Nullable FlowHistory kept;

  @Override
  ConsoleSources sources() {
    FlowReader reader = new MemoryFlowReader(() -> kept == null ? flows.history() : kept);
    return new ConsoleSources(
        flows,
        reader,
        LiveStreams.of(flows, now::get),
        ClosedStreams.of(flows, reader),
        store,
        new StorePolicies(store),
        () -> ClusterView.of(store),
        why(),
        this::status,
        List::of,
        () -> AssertionFigures.NONE,
        MetricOptions.NONE);
  }

  private JsonNode uses(String query) throws Exception {
    return json("/api/v1/policies/use" + query);
  }

  private static JsonNode policy(JsonNode uses, String name) {
    for (JsonNode policy : uses.path("policies")) {
      if (policy.path("name").asText().equals(name)) {
        return policy;
      }
    }
    throw new AssertionError(name + " is not in " + uses);
  }

  /** Two more rules: the second one only logs. */
  private void addRules() {
    KubeObject cart = store.get(new ResourceKey(Kind.NETWORK_POLICY, "shop", "cart")).orElseThrow();
    var json = cart.json().deepCopy();
    var ingress = json.withObjectProperty("spec").withArrayProperty("ingress");
    ingress.addObject().put("action", "Log");
    ingress.addObject().put("action", "Deny");
    store.update(new KubeObject(Kind.NETWORK_POLICY, json));
  }

  @Test
  void rulesThatDecideOrLogAreUsedAndOthersAreNot() throws Exception {
    addRules();
    see(Seen.allowed(T0));
    JsonNode uses = uses("");
    JsonNode cart = policy(uses, "cart");
    assertThat(cart.path("unused").asBoolean()).isFalse();
    assertThat(cart.path("generation").asInt()).isEqualTo(2);
    assertThat(cart.path("rules").findValuesAsText("unused"))
        .as("allowed, logged, never")
        .containsExactly("false", "false", "true");
    assertThat(Instant.parse(cart.path("rules").path(0).path("last_used").asText()))
        .isBetween(T0, T0.plusSeconds(15));
    assertThat(cart.path("rules").path(2).path("last_used").isNull()).isTrue();

    JsonNode quarantine = policy(uses, "quarantine");
    assertThat(quarantine.path("unused").asBoolean()).isTrue();
    assertThat(quarantine.path("last_used").isNull()).isTrue();
    assertThat(quarantine.path("rules")).isEmpty();
    assertThat(Instant.parse(uses.path("recorded_since").asText())).isBeforeOrEqualTo(T0);
  }

  @Test
  void whatWasUsedLongAgoIsUnusedAndHoursWithoutFlowsAreTold() throws Exception {
    see(Seen.allowed(T0));
    kept = flows.history();
    now.set(T0.plus(Duration.ofHours(5)));
    JsonNode whole = uses("?startTimeGte=-86400");
    assertThat(policy(whole, "cart").path("unused").asBoolean()).isFalse();
    JsonNode recent = uses("?startTimeGte=-7200");
    assertThat(policy(recent, "cart").path("unused").asBoolean()).isTrue();
    assertThat(policy(recent, "cart").path("last_used").isNull()).isFalse();
    assertThat(recent.path("gaps")).hasSize(1);
    assertThat(uses("?startTimeGte=0").path("since").asText()).isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void aConnectionThatStaysOpenIsAUseForAsLongAsItCarriesSomething() throws Exception {
    see(Seen.allowed(T0));
    now.set(T0.plus(Duration.ofMinutes(20)));
    see(Seen.goesOn(now.get()));
    JsonNode rule = policy(uses("?startTimeGte=-60"), "cart").at("/rules/0");
    assertThat(rule.path("unused").asBoolean()).isFalse();
    assertThat(Instant.parse(rule.path("last_used").asText()))
        .isBetween(now.get(), now.get().plusSeconds(15));
  }

  @Test
  void somebodyAnswersForAPolicy() throws Exception {
    given(
        Kind.GLOBAL_NETWORK_POLICY,
        """
        metadata:
          name: edge
          labels: {owner: net}
          annotations: {margay.io/owner: Edge team}
        spec: {tier: application, order: 7, selector: all()}
        """);
    given(
        Kind.NETWORK_POLICY,
        """
        metadata: {name: vault, namespace: bank, labels: {owner: treasury}}
        spec: {tier: application, order: 8, selector: all()}
        """);
    JsonNode uses = uses("");
    assertThat(policy(uses, "edge").path("owner").asText()).isEqualTo("Edge team");
    assertThat(policy(uses, "vault").path("owner").asText()).isEqualTo("treasury");
    assertThat(policy(uses, "cart").path("owner").asText()).isEqualTo("shop");
    assertThat(policy(uses, "quarantine").path("owner").asText()).isEmpty();
  }

  @Test
  void withoutFlowsNothingIsKnown() throws Exception {
    JsonNode uses = uses("");
    assertThat(uses.path("recorded_since").isNull()).isTrue();
    assertThat(uses.path("gaps")).isEmpty();
    assertThat(policy(uses, "cart").path("unused").asBoolean()).isTrue();
  }
}
