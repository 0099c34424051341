package io.margay.flows;

import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small cluster and what is seen in it, for the tests of this module. */
public final class Fixtures {
  public static final Instant T0 = Instant.parse("2026-11-21T10:00:00Z");

  public static final PolicyRef WEB =
      new PolicyRef(PolicyKind.CALICO_NETWORK_POLICY, "application", "shop", "web");
  public static final PolicyRef LOCKDOWN =
      new PolicyRef(PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, "security", "", "lockdown");
  public static final PolicyRef KNS =
      new PolicyRef(PolicyKind.PROFILE, "__PROFILE__", "", "kns.shop");

  /** Allowed by a rule; a staged policy would deny it by its tier's default. */
  public static final Outcome ALLOWED =
      new Outcome(
          Verdict.ALLOW,
          List.of(Hit.rule(WEB, 1, RuleAction.ALLOW)),
          Verdict.DENY,
          List.of(Hit.endOfTier("security", RuleAction.DENY, LOCKDOWN)),
          List.of());

  /** Denied at the end of a tier, pending too. */
  public static final Outcome DENIED = denied(WEB);

  /** Allowed by the profile of the namespace. */
  public static final Outcome BY_PROFILE =
      new Outcome(
          Verdict.ALLOW,
          List.of(Hit.rule(KNS, 0, RuleAction.ALLOW)),
          Verdict.ALLOW,
          List.of(Hit.rule(KNS, 0, RuleAction.ALLOW)),
          List.of());

  private Fixtures() {}

  private static Outcome denied(PolicyRef trigger) {
    List<Hit> trace = List.of(Hit.endOfTier(trigger.tier(), RuleAction.DENY, trigger));
    return new Outcome(Verdict.DENY, trace, Verdict.DENY, trace, List.of());
  }

  public static ResourceChange upsert(Resource resource) {
    return new ResourceChange.Upsert(resource);
  }

  public static ResourceChange removed(Resource resource) {
    return new ResourceChange.Removed(resource.key());
  }

  public static ObjectMeta meta(
      String namespace, String name, String generateName, Map<String, String> labels) {
    return new ObjectMeta(name, namespace, generateName, labels, Map.of(), "", "", 0, null, null);
  }

  /** A pod {@code web-abc} of an owner {@code web-}, or a bare one if there is no dash. */
  public static Pod pod(
      String namespace, String name, Map<String, String> labels, String... addresses) {
    String owner = name.contains("-") ? name.substring(0, name.lastIndexOf('-') + 1) : "";
    return pod(meta(namespace, name, owner, labels), "Running", false, addresses);
  }

  public static Pod pod(ObjectMeta meta, String phase, boolean hostNetwork, String... addresses) {
    return new Pod(
        meta,
        new Pod.Spec("node-1", "default", hostNetwork, List.of()),
        new Pod.Status(
            phase, Arrays.stream(addresses).map(a -> new Pod.PodIp(IpAddress.parse(a))).toList()));
  }

  public static Node node(String name, String... addresses) {
    return new Node(
        ObjectMeta.of("", name, Map.of("zone", "a")),
        new Node.Spec(List.of()),
        new Node.Status(
            Arrays.stream(addresses).map(a -> new Node.NodeAddress("InternalIP", a)).toList()));
  }

  public static HostEndpoint hostEndpoint(String name, String node, String... addresses) {
    return new HostEndpoint(
        ObjectMeta.of("", name, Map.of("role", "edge")),
        new HostEndpoint.Spec(
            node,
            addresses.length == 0 ? "*" : "",
            Arrays.stream(addresses).map(IpAddress::parse).toList(),
            List.of(),
            List.of()));
  }

  public static Service service(String namespace, String name, String clusterIp, int port) {
    return new Service(
        ObjectMeta.of(namespace, name, Map.of()),
        new Service.Spec(
            "ClusterIP",
            Map.of(),
            List.of(clusterIp),
            List.of(new Service.ServicePort("http", Protocol.TCP, port, "8080"))));
  }

  public static Packet tcp(String from, int sourcePort, String to, int port) {
    return new Packet(IpAddress.parse(from), IpAddress.parse(to), Protocol.TCP, sourcePort, port);
  }

  public static FlowEvent.Judged judged(Instant at, Packet packet, Outcome outcome) {
    return judged(at, packet, outcome, 1, null);
  }

  public static FlowEvent.Judged judged(
      Instant at,
      Packet packet,
      Outcome outcome,
      long connections,
      @Nullable ServiceAddress service) {
    return new FlowEvent.Judged(
        at, "node-1", packet, Direction.INGRESS, outcome, 60, connections, service);
  }

  public static FlowEvent.Counted counted(
      Instant at, Packet packet, Outcome outcome, Traffic in, Traffic out, boolean ended) {
    return new FlowEvent.Counted(at, "node-1", packet, Direction.INGRESS, outcome, in, out, ended);
  }
}
