package io.margay.policy.explain;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.PortRange;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy.IpBlock;
import io.margay.model.resource.KubernetesNetworkPolicy.Peer;
import io.margay.model.resource.KubernetesNetworkPolicy.Port;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Makes edited copies of enforced policies. */
final class RuleEdit {
  private RuleEdit() {}

  /** The policy without one of its rules. */
  static Optional<Resource> without(Resource policy, Direction direction, int index) {
    return switch (policy) {
      case NetworkPolicy p ->
          Optional.of(new NetworkPolicy(p.metadata(), calico(p.spec(), direction, remove(index))));
      case GlobalNetworkPolicy p ->
          Optional.of(
              new GlobalNetworkPolicy(p.metadata(), calico(p.spec(), direction, remove(index))));
      case KubernetesNetworkPolicy p ->
          Optional.of(
              new KubernetesNetworkPolicy(
                  p.metadata(), kubernetes(p.spec(), direction, remove(index))));
      case ClusterNetworkPolicy p ->
          Optional.of(new ClusterNetworkPolicy(p.metadata(), cluster(p.spec(), direction, index)));
      default -> Optional.empty();
    };
  }

  /**
   * The policy with a last rule that allows a packet. Cluster-wide policies of Kubernetes have no
   * such rule for ingress, so they are not edited.
   */
  static Optional<Resource> allowing(Resource policy, Direction direction, Packet packet) {
    return switch (policy) {
      case NetworkPolicy p ->
          Optional.of(
              new NetworkPolicy(
                  p.metadata(), calico(p.spec(), direction, add(calicoRule(direction, packet)))));
      case GlobalNetworkPolicy p ->
          Optional.of(
              new GlobalNetworkPolicy(
                  p.metadata(), calico(p.spec(), direction, add(calicoRule(direction, packet)))));
      case KubernetesNetworkPolicy p ->
          Optional.of(
              new KubernetesNetworkPolicy(
                  p.metadata(),
                  kubernetes(p.spec(), direction, add(kubernetesRule(direction, packet)))));
      default -> Optional.empty();
    };
  }

  private static <R> UnaryOperator<List<R>> remove(int index) {
    return rules -> {
      List<R> fewer = new ArrayList<>(rules);
      fewer.remove(index);
      return fewer;
    };
  }

  private static <R> UnaryOperator<List<R>> add(R rule) {
    return rules -> {
      List<R> more = new ArrayList<>(rules);
      more.add(rule);
      return more;
    };
  }

  private static CalicoPolicySpec calico(
      CalicoPolicySpec spec, Direction direction, UnaryOperator<List<Rule>> edit) {
    boolean ingress = direction == Direction.INGRESS;
    return new CalicoPolicySpec(
        spec.tier(),
        spec.order(),
        spec.selector(),
        spec.serviceAccountSelector(),
        spec.namespaceSelector(),
        spec.types(),
        ingress ? edit.apply(spec.ingress()) : spec.ingress(),
        ingress ? spec.egress() : edit.apply(spec.egress()),
        spec.doNotTrack(),
        spec.preDNAT(),
        spec.applyOnForward(),
        spec.stagedAction(),
        spec.unparseable());
  }

  private static KubernetesNetworkPolicy.Spec kubernetes(
      KubernetesNetworkPolicy.Spec spec,
      Direction direction,
      UnaryOperator<List<KubernetesNetworkPolicy.PolicyRule>> edit) {
    boolean ingress = direction == Direction.INGRESS;
    return new KubernetesNetworkPolicy.Spec(
        spec.podSelector(),
        ingress ? edit.apply(spec.ingress()) : spec.ingress(),
        ingress ? spec.egress() : edit.apply(spec.egress()),
        spec.policyTypes());
  }

  private static ClusterNetworkPolicy.Spec cluster(
      ClusterNetworkPolicy.Spec spec, Direction direction, int index) {
    UnaryOperator<List<ClusterNetworkPolicy.PolicyRule>> edit = remove(index);
    boolean ingress = direction == Direction.INGRESS;
    return new ClusterNetworkPolicy.Spec(
        spec.tier(),
        spec.priority(),
        spec.subject(),
        ingress ? edit.apply(spec.ingress()) : spec.ingress(),
        ingress ? spec.egress() : edit.apply(spec.egress()));
  }

  private static IpAddress peer(Direction direction, Packet packet) {
    return direction == Direction.INGRESS ? packet.source() : packet.destination();
  }

  private static Rule calicoRule(Direction direction, Packet packet) {
    List<PortMatch> ports =
        packet.protocol().hasPorts()
            ? List.of(new PortMatch.Numeric(PortRange.of(packet.destinationPort())))
            : List.of();
    EntityRule peer = side(List.of(peer(direction, packet).toCidr()), List.of());
    EntityRule source = direction == Direction.INGRESS ? peer : EntityRule.ANY;
    EntityRule destination =
        direction == Direction.INGRESS ? side(List.of(), ports) : side(peer.nets(), ports);
    return new Rule(
        RuleAction.ALLOW,
        null,
        packet.protocol(),
        null,
        null,
        null,
        source,
        destination,
        null,
        Map.of(),
        null);
  }

  private static EntityRule side(List<Cidr> nets, List<PortMatch> ports) {
    return new EntityRule(nets, List.of(), null, null, null, ports, List.of(), null, null);
  }

  private static KubernetesNetworkPolicy.PolicyRule kubernetesRule(
      Direction direction, Packet packet) {
    List<Port> ports =
        packet.protocol().hasPorts()
            ? List.of(
                new Port(packet.protocol(), Integer.toString(packet.destinationPort()), null, null))
            : List.of();
    IpBlock block = new IpBlock(peer(direction, packet).toCidr(), List.of());
    return new KubernetesNetworkPolicy.PolicyRule(
        List.of(new Peer(null, null, block, null)), ports);
  }
}
