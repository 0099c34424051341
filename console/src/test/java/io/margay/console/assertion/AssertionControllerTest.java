package io.margay.console.assertion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.cluster.ClusterView;
import io.margay.console.why.ClusterExplainer;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStream;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AssertionControllerTest {
  private static final String CLUSTER =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: shop, labels: {env: prod}}
      ---
      apiVersion: v1
      kind: Namespace
      metadata: {name: lab, labels: {env: dev}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: shop, labels: {app: db}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.0.2}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: try, namespace: lab, labels: {app: try}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.1.1}]}
      """;
  private static final String POLICY =
      """
      apiVersion: projectcalico.org/v3
      kind: NetworkPolicy
      metadata: {name: db, namespace: shop}
      spec: {tier: default, selector: app == 'db', types: [Ingress]}
      """;
  private static final String NEVER = "never namespace(env == 'dev') -> app == 'db'";

  private final MemoryStore store = new MemoryStore();
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final AssertionController controller =
      new AssertionController(store, () -> ClusterView.of(store), () -> now);

  @BeforeEach
  void aCluster() {
    create(CLUSTER);
  }

  @AfterEach
  void stop() {
    controller.close();
    store.close();
  }

  private void create(String yaml) {
    Manifests.Result read = Manifests.read("test", yaml, Manifests.Options.STRICT);
    assertThat(read.problems()).isEmpty();
    read.objects().forEach(store::create);
  }

  private void say(String... assertions) {
    create(
        "apiVersion: policy.margay.io/v1alpha1\nkind: PolicyAssertion\nmetadata: {name: walls}\n"
            + "spec:\n  assertions:\n  - "
            + String.join("\n  - ", assertions));
  }

  /** What the stream would deliver, and then a check. */
  private JsonNode checked() {
    store
        .list(Kind.POLICY_ASSERTION, "")
        .items()
        .forEach(object ->
            controller.changed(
                new ResourceChange.Upsert(ResourceDecoder.decode(object).resource())));
    controller.check();
    return stored().json().path("status");
  }

  private KubeObject stored() {
    return store.get(new ResourceKey(Kind.POLICY_ASSERTION, "", "walls")).orElseThrow();
  }

  private static JsonNode holds(JsonNode status) {
    assertThat(status.path("conditions")).hasSize(1);
    assertThat(status.at("/conditions/0/type").asText()).isEqualTo("Holds");
    return status.at("/conditions/0");
  }

  @Test
  void theStatusFollowsThePolicies() {
    say(NEVER, "always any -> app == 'try'");
    JsonNode open = checked();
    assertThat(holds(open).path("status").asText()).isEqualTo("False");
    assertThat(holds(open).path("reason").asText()).isEqualTo("Contradicted");
    assertThat(holds(open).path("observedGeneration").asLong()).isEqualTo(1);
    assertThat(holds(open).path("message").asText())
        .startsWith(NEVER + ": lab/try (10.0.1.1) -> shop/db (10.0.0.2) ")
        .endsWith(" is allowed");
    assertThat(open.at("/results/0/result").asText()).isEqualTo("Failed");
    assertThat(open.at("/results/0/counterexample/action").asText()).isEqualTo("Allow");
    assertThat(open.at("/results/0/counterexample/chain/0").asText())
        .isEqualTo("egress at lab/try: Allow, profile kns.lab");
    assertThat(open.at("/results/1/result").asText()).isEqualTo("Proven");

    now = now.plusSeconds(60);
    create(POLICY);
    JsonNode closed = checked();
    assertThat(holds(closed).path("status").asText()).isEqualTo("True");
    assertThat(holds(closed).path("message").asText()).isEmpty();
    assertThat(holds(closed).path("lastTransitionTime").asText()).isEqualTo("2026-11-28T12:01:00Z");
    assertThat(controller.figures().holds()).isEqualTo(Map.of("walls", "True"));
    assertThat(controller.figures().checks()).isEqualTo(2);
    assertThat(controller.figures().failures()).isZero();
  }

  @Test
  void aSelectorThatMatchesNothingIsNoPass() {
    say("never app == 'lost' -> app == 'db'", "always any -> app == 'try'");
    JsonNode status = checked();
    assertThat(holds(status).path("status").asText()).isEqualTo("Unknown");
    assertThat(holds(status).path("reason").asText()).isEqualTo("Warning");
    assertThat(status.at("/results/0/warnings/0").asText())
        .isEqualTo("app == 'lost' matches nothing");
  }

  @Test
  void whatIsSaidAlreadyIsNotWrittenAgainAndAgain() {
    say("always any -> app == 'try'");
    checked();
    String version = stored().resourceVersion();
    now = now.plusSeconds(300);
    checked();
    assertThat(stored().resourceVersion()).isEqualTo(version);
    now = now.plusSeconds(400);
    assertThat(checked().path("lastChecked").asText()).isEqualTo("2026-11-28T12:11:40Z");
  }

  /** As a cluster stores it whose API server does not know the language. */
  @Test
  void whatCannotBeReadIsNotProven() {
    say("always any -> app == 'try'");
    ObjectNode json = stored().json().deepCopy();
    json.withObjectProperty("spec").withArrayProperty("assertions").add("never mind");
    store.update(new KubeObject(Kind.POLICY_ASSERTION, json));
    JsonNode status = checked();
    assertThat(holds(status).path("status").asText()).isEqualTo("Unknown");
    assertThat(holds(status).path("reason").asText()).isEqualTo("NotJudged");
    assertThat(holds(status).path("message").asText()).contains("there is no \"->\"");
  }

  @Test
  void whatBreaksOffIsUnknownAndCounted() {
    say("always any -> app == 'try'");
    checked();
    AssertionController broken =
        new AssertionController(
            store,
            () -> {
              throw new IllegalStateException("no view");
            },
            () -> now);
    broken.changed(new ResourceChange.Upsert(ResourceDecoder.decode(stored()).resource()));
    broken.check();
    assertThat(broken.figures().failures()).isEqualTo(1);
    assertThat(holds(stored().json().path("status")).path("status").asText()).isEqualTo("Unknown");
  }

  @Test
  void itRunsByItself() throws InterruptedException {
    say(NEVER);
    controller.clusterInSync();
    controller.start();
    ResourceStream stream = ResourceStream.start(store, Set.of(Kind.POLICY_ASSERTION), controller);
    try {
      awaitHolds("False");
      create(POLICY);
      controller.clusterChanged();
      awaitHolds("True");
    } finally {
      stream.close();
    }
  }

  private void awaitHolds(String expected) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofMinutes(2));
    while (!stored().json().at("/status/conditions/0/status").asText().equals(expected)) {
      assertThat(Instant.now()).as("waiting for " + expected).isBefore(end);
      Thread.sleep(20);
    }
  }

  @Test
  void aSignOfLifeIsNoReasonToJudge() {
    ClusterExplainer explainer = new ClusterExplainer();
    assertThat(explainer.apply(node("1", "10.1.0.1"))).isTrue();
    assertThat(explainer.apply(node("2", "10.1.0.1"))).isFalse();
    assertThat(explainer.apply(node("3", "10.1.0.9"))).isTrue();
  }

  private static ResourceChange node(String version, String address) {
    String yaml =
        """
        apiVersion: v1
        kind: Node
        metadata: {name: n1, resourceVersion: "%s"}
        status: {addresses: [{type: InternalIP, address: %s}]}
        """
            .formatted(version, address);
    KubeObject node = Manifests.read("n", yaml, Manifests.Options.STRICT).objects().getFirst();
    return new ResourceChange.Upsert(ResourceDecoder.decode(node).resource());
  }

  @Test
  void anAssertionThatCannotBeReadIsRefused() {
    assertThatThrownBy(() -> say("\"never any -> any : tcp/http\""))
        .hasMessageContaining("spec.assertions[0]")
        .hasMessageContaining("write tcp/8080");
  }
}
