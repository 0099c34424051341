package io.margay.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.flows.stream.FlowService;
import io.margay.model.flow.FlowEvent;
import io.margay.model.manifest.KubeObject;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A small shop in which something goes on all the time, for people and browsers to look at. */
final class LivelyShop {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static final PolicyRef BASE =
      new PolicyRef(PolicyKind.GLOBAL_NETWORK_POLICY, "platform", "", "platform.base");
  private static final PolicyRef CART =
      new PolicyRef(PolicyKind.NETWORK_POLICY, "default", "shop", "cart");
  private static final PolicyRef LOCKDOWN =
      new PolicyRef(PolicyKind.STAGED_NETWORK_POLICY, "default", "shop", "lockdown");
  private static final PolicyRef PROFILE =
      new PolicyRef(PolicyKind.PROFILE, Hit.PROFILE_TIER, "", "kns.shop");

  private static final Hit PASSED = Hit.rule(BASE, 0, RuleAction.PASS);
  private static final List<Hit> TO_PROFILE =
      List.of(PASSED, Hit.rule(PROFILE, 0, RuleAction.ALLOW));
  private static final List<Hit> TO_CART = List.of(PASSED, Hit.rule(CART, 0, RuleAction.ALLOW));
  private static final List<Hit> TO_END =
      List.of(PASSED, Hit.endOfTier("default", RuleAction.DENY, CART));
  private static final List<Hit> TO_LOCKDOWN =
      List.of(PASSED, Hit.rule(LOCKDOWN, 1, RuleAction.DENY));

  private static final Outcome LEAVES =
      new Outcome(Verdict.ALLOW, TO_PROFILE, Verdict.ALLOW, TO_PROFILE, List.of());
  private static final Outcome ENTERS =
      new Outcome(Verdict.ALLOW, TO_CART, Verdict.ALLOW, TO_CART, List.of());
  private static final Outcome WOULD_NOT_ENTER =
      new Outcome(Verdict.ALLOW, TO_CART, Verdict.DENY, TO_LOCKDOWN, List.of());
  private static final Outcome STAYS_OUT =
      new Outcome(Verdict.DENY, TO_END, Verdict.DENY, TO_END, List.of());

  private static final Map<String, String> ADDRESSES =
      Map.of("web", "10.65.0.10", "checkout", "10.65.0.11", "cart", "10.65.0.12");

  private final FlowService flows;
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  LivelyShop(FlowService flows, ResourceStore store) throws IOException {
    this.flows = flows;
    ADDRESSES.forEach(
        (app, address) -> pod(app, app.equals("checkout") ? "payments" : "shop", address));
    create(
        store,
        Kind.NAMESPACE,
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop}
        """);
    create(
        store,
        Kind.TIER,
        """
        apiVersion: projectcalico.org/v3
        kind: Tier
        metadata: {name: platform}
        spec: {order: 100, defaultAction: Pass}
        """);
    create(
        store,
        Kind.GLOBAL_NETWORK_POLICY,
        """
        apiVersion: projectcalico.org/v3
        kind: GlobalNetworkPolicy
        metadata: {name: platform.base}
        spec:
          tier: platform
          selector: all()
          types: [Ingress, Egress]
          ingress: [{action: Pass}]
          egress: [{action: Pass}]
        """);
    create(
        store,
        Kind.KUBERNETES_NETWORK_POLICY,
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: cart, namespace: shop}
        spec:
          podSelector: {matchLabels: {app: cart}}
          ingress:
            - from: [{podSelector: {matchLabels: {app: web}}}]
              ports: [{port: 7070}]
        """);
    create(
        store,
        Kind.STAGED_NETWORK_POLICY,
        """
        apiVersion: projectcalico.org/v3
        kind: StagedNetworkPolicy
        metadata: {name: lockdown, namespace: shop}
        spec:
          tier: default
          order: 10
          selector: app == 'cart'
          ingress:
            - action: Allow
              source: {selector: app == 'web'}
              destination: {ports: [7070]}
            - action: Deny
        """);
  }

  private void pod(String app, String namespace, String address) {
    ObjectMeta metadata =
        new ObjectMeta(
            app + "-1", namespace, app + "-", Map.of("app", app), Map.of(), "", "", 0, null, null);
    flows.apply(
        new ResourceChange.Upsert(
            new Pod(
                metadata,
                new Pod.Spec("node-1", "default", false, List.of()),
                new Pod.Status("Running", List.of(new Pod.PodIp(IpAddress.parse(address)))))));
  }

  private static void create(ResourceStore store, Kind kind, String yaml) throws IOException {
    store.create(new KubeObject(kind, (ObjectNode) YAML.readTree(yaml)));
  }

  /** A moment of its life: some calls, of which one tries a port that nobody has tried before. */
  void goOn(Instant at) {
    offer(at, "web", "cart", 7070, Direction.EGRESS, LEAVES);
    offer(at, "web", "cart", 7070, Direction.INGRESS, ENTERS);
    offer(at, "checkout", "cart", 7071, Direction.INGRESS, WOULD_NOT_ENTER);
    offer(at, "checkout", "cart", random.nextInt(8000, 60_000), Direction.INGRESS, STAYS_OUT);
  }

  private void offer(
      Instant at, String from, String to, int port, Direction direction, Outcome outcome) {
    IpAddress source = IpAddress.parse(ADDRESSES.getOrDefault(from, ""));
    IpAddress destination = IpAddress.parse(ADDRESSES.getOrDefault(to, ""));
    Packet packet =
        new Packet(source, destination, Protocol.TCP, random.nextInt(32_768, 60_999), port);
    flows.offer(new FlowEvent.Judged(at, "node-1", packet, direction, outcome, 60, 1, null));
  }
}
