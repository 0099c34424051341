package io.margay.console.recommend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.query.TimeRange;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.PolicyRecommendationScope;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.RuleAction;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecommendationControllerTest {
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
      kind: Namespace
      metadata: {name: kube-system, labels: {env: prod}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: shop, labels: {app: web}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.0.1}]}
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
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: dns, namespace: kube-system, labels: {app: dns}}
      spec: {nodeName: n1, containers: [{name: main}]}
      status: {phase: Running, podIPs: [{ip: 10.0.2.1}]}
      """;

  private final MemoryStore store = new MemoryStore(this::now, 1_000);
  private final List<Flow> flows = new ArrayList<>();
  private final List<TimeRange> asked = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-28T12:00:00Z");
  private final RecommendationController controller =
      new RecommendationController(
          store,
          () -> ClusterView.of(store),
          range -> {
            asked.add(range);
            return flows.stream().filter(f -> range.covers(f.start(), f.end())).toList();
          },
          () -> now);

  private Instant now() {
    return now;
  }

  @BeforeEach
  void aCluster() {
    create(CLUSTER);
    create(
        """
        apiVersion: projectcalico.org/v3
        kind: PolicyRecommendationScope
        metadata: {name: default}
        spec:
          interval: 1m
          initialLookback: 1h
          stabilizationPeriod: 10m
          namespaceSpec: {recStatus: Enabled}
        """);
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

  private void learn() {
    controller.learn(
        (PolicyRecommendationScope)
            ResourceDecoder.decode(
                    store
                        .get(new ResourceKey(Kind.POLICY_RECOMMENDATION_SCOPE, "", "default"))
                        .orElseThrow())
                .resource());
    assertThat(controller.figures().failures()).isZero();
  }

  private void see(String from, String to, int port) {
    FlowKey key =
        new FlowKey(
            peer(from),
            peer(to),
            port,
            null,
            Protocol.TCP,
            Reporter.SOURCE,
            new PolicyTrace(RuleAction.ALLOW, RuleAction.ALLOW, List.of(), List.of(), List.of()));
    flows.add(
        new Flow(
            1, key, now.minusSeconds(15), now, now, List.of(), List.of(), FlowCounters.ZERO, 1));
  }

  private static FlowPeer peer(String name) {
    String[] parts = name.split("/");
    return new FlowPeer(parts[1], parts[0], FlowPeer.Type.WORKLOAD_ENDPOINT);
  }

  private List<KubeObject> staged() {
    return store.list(Kind.STAGED_NETWORK_POLICY, "").items();
  }

  private KubeObject staged(String namespace) {
    List<KubeObject> there = store.list(Kind.STAGED_NETWORK_POLICY, namespace).items();
    assertThat(there).hasSize(1);
    return there.getFirst();
  }

  private static String annotation(KubeObject of, String name) {
    return of.json()
        .path("metadata")
        .path("annotations")
        .path("policyrecommendation.tigera.io/" + name)
        .asText();
  }

  private void change(KubeObject policy, String field, String value) {
    ObjectNode json = policy.json().deepCopy();
    json.withObjectProperty("spec").put(field, value);
    store.update(new KubeObject(policy.kind(), json));
  }

  @Test
  void namespacesThatAreSelectedGetAPolicyThatGoesFromLearningToStable() {
    see("lab/try", "shop/db", 5432);
    see("shop/web", "kube-system/dns", 53);
    learn();
    assertThat(staged()).extracting(KubeObject::namespace).containsExactly("lab", "shop");
    KubeObject shop = staged("shop");
    JsonNode spec = shop.json().path("spec");
    assertThat(spec.path("stagedAction").asText()).isEqualTo("Learn");
    assertThat(spec.path("tier").asText()).isEqualTo("namespace-isolation");
    assertThat(store.get(new ResourceKey(Kind.TIER, "", "namespace-isolation"))).isPresent();
    assertThat(spec.at("/ingress/0/source/namespaceSelector").asText())
        .isEqualTo("projectcalico.org/name == \"lab\"");
    assertThat(annotation(shop, "status")).isEqualTo("Learning");
    assertThat(annotation(shop, "scope")).isEqualTo("namespace");
    assertThat(annotation(shop, "lastUpdated")).isEqualTo("2026-11-28T12:00:00Z");
    assertThat(asked.getFirst().from()).isEqualTo("2026-11-28T11:00:00Z");

    now = now.plus(Duration.ofMinutes(3));
    learn();
    assertThat(annotation(staged("shop"), "status")).isEqualTo("Stabilizing");
    now = now.plus(Duration.ofMinutes(8));
    learn();
    assertThat(annotation(staged("shop"), "status")).isEqualTo("Stable");
    assertThat(annotation(staged("shop"), "lastUpdated")).isEqualTo("2026-11-28T12:00:00Z");

    String version = staged("shop").resourceVersion();
    now = now.plus(Duration.ofMinutes(1));
    learn();
    assertThat(staged("shop").resourceVersion()).isEqualTo(version);

    see("lab/try", "shop/web", 80);
    learn();
    assertThat(annotation(staged("shop"), "status")).isEqualTo("Learning");
    assertThat(annotation(staged("shop"), "lastUpdated")).isEqualTo("2026-11-28T12:12:00Z");
  }

  @Test
  void whatWasSeenOnceStaysAllowed() {
    see("lab/try", "shop/db", 5432);
    learn();
    JsonNode spec = staged("shop").json().path("spec");
    flows.clear();
    now = now.plus(Duration.ofHours(5));
    learn();
    assertThat(staged("shop").json().path("spec")).isEqualTo(spec);
    assertThat(asked.getLast().from()).isEqualTo("2026-11-28T11:00:00Z");
    assertThat(controller.figures().observations()).isEqualTo(1);
  }

  @Test
  void whatIsAcceptedOrDismissedStaysAsItIs() {
    see("lab/try", "shop/db", 5432);
    learn();
    change(staged("shop"), "stagedAction", "Set");
    change(staged("lab"), "stagedAction", "Ignore");
    KubeObject shop = staged("shop");
    KubeObject lab = staged("lab");
    see("lab/try", "shop/web", 80);
    now = now.plus(Duration.ofMinutes(1));
    learn();
    assertThat(staged("shop")).isEqualTo(shop);
    assertThat(staged("lab")).isEqualTo(lab);
  }

  @Test
  void trafficWithinTheNamespaceCanBeLeftToLaterTiers() {
    KubeObject scope =
        store.get(new ResourceKey(Kind.POLICY_RECOMMENDATION_SCOPE, "", "default")).orElseThrow();
    ObjectNode json = scope.json().deepCopy();
    json.withObjectProperty("spec")
        .withObjectProperty("namespaceSpec")
        .put("intraNamespacePassThroughTraffic", true)
        .put("selector", "env == 'prod' && projectcalico.org/name != 'kube-system'")
        .put("tierName", "default");
    store.update(new KubeObject(scope.kind(), json));
    see("shop/web", "shop/db", 5432);
    see("lab/try", "shop/db", 5432);
    learn();
    assertThat(staged()).hasSize(1);
    JsonNode spec = staged("shop").json().path("spec");
    assertThat(spec.path("tier").asText()).isEqualTo("default");
    assertThat(spec.path("ingress")).hasSize(2);
    assertThat(spec.at("/ingress/0/action").asText()).isEqualTo("Pass");
    assertThat(spec.at("/ingress/0/source/namespaceSelector").asText())
        .isEqualTo("projectcalico.org/name == \"shop\"");
    assertThat(spec.at("/egress/0/action").asText()).isEqualTo("Pass");
    assertThat(spec.path("egress")).hasSize(1);
  }
}
