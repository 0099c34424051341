package io.margay.console;

import io.margay.flows.stream.FlowService;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Service;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Verdict;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What is seen in a small shop: web-1 calls cart-1 through a service, and somebody is denied. */
final class Seen {
  static final PolicyRef CART =
      new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "application", "shop", "cart");
  static final PolicyRef LOCKDOWN =
      new PolicyRef(PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, "security", "", "lockdown");

  static final Outcome ALLOWED =
      new Outcome(
          Verdict.ALLOW,
          List.of(Hit.rule(CART, 0, RuleAction.ALLOW)),
          Verdict.DENY,
          List.of(Hit.endOfTier("security", RuleAction.DENY, LOCKDOWN)),
          List.of(Hit.rule(CART, 1, RuleAction.LOG)));

  static final Outcome DENIED =
      new Outcome(
          Verdict.DENY,
          List.of(Hit.endOfTier("application", RuleAction.DENY, CART)),
          Verdict.DENY,
          List.of(),
          List.of());

  private Seen() {}

  static void cluster(FlowService flows) {
    pod(flows, "web-1", "web-", Map.of("app", "web", "tier", "front"), "10.0.0.1");
    pod(flows, "cart-1", "cart-", Map.of("app", "cart"), "10.0.0.2");
    flows.apply(
        new ResourceChange.Upsert(
            new Service(
                ObjectMeta.of("shop", "cart", Map.of()),
                new Service.Spec(
                    "ClusterIP",
                    Map.of(),
                    List.of("10.96.0.1"),
                    List.of(new Service.ServicePort("grpc", Protocol.TCP, 7070, "7070"))))));
  }

  private static void pod(
      FlowService flows, String name, String owner, Map<String, String> labels, String address) {
    flows.apply(
        new ResourceChange.Upsert(
            new Pod(
                new ObjectMeta(name, "shop", owner, labels, Map.of(), "", "", 0, null, null),
                new Pod.Spec("node-1", "default", false, List.of()),
                new Pod.Status("Running", List.of(new Pod.PodIp(IpAddress.parse(address)))))));
  }

  static FlowEvent allowed(Instant at) {
    return new FlowEvent.Judged(
        at,
        "node-1",
        packet("10.0.0.1", 7070),
        Direction.INGRESS,
        ALLOWED,
        60,
        1,
        new FlowEvent.ServiceAddress(IpAddress.parse("10.96.0.1"), 7070));
  }

  /** The connection that was allowed is still open, and carries something. */
  static FlowEvent goesOn(Instant at) {
    return new FlowEvent.Counted(
        at,
        "node-1",
        packet("10.0.0.1", 7070),
        Direction.INGRESS,
        ALLOWED,
        new FlowEvent.Traffic(1, 60),
        FlowEvent.Traffic.NONE,
        false);
  }

  /** From the Internet. */
  static FlowEvent denied(Instant at, int port) {
    return new FlowEvent.Judged(
        at, "node-1", packet("203.0.113.9", port), Direction.INGRESS, DENIED, 60, 1, null);
  }

  private static Packet packet(String from, int port) {
    return new Packet(
        IpAddress.parse(from), IpAddress.parse("10.0.0.2"), Protocol.TCP, 40000, port);
  }
}
