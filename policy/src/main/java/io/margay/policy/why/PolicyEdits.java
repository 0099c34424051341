package io.margay.policy.why;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.policy.why.TrafficPattern.Far;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Policies with one rule more or less. */
final class PolicyEdits {
  private static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

  private PolicyEdits() {}

  /** A policy after an edit, with the text of the rule that came or went. */
  record Edit(Resource result, String yaml) {}

  /**
   * Puts a rule for the traffic before the rule with this index.
   *
   * @param index -1 puts it last
   * @return null if the policy's API cannot say it
   */
  static @Nullable Edit insert(
      Resource policy, boolean ingress, int index, RuleAction action, TrafficPattern traffic) {
    return switch (policy) {
      case NetworkPolicy p -> {
        Rule rule = traffic.calicoRule(action, ingress, p.metadata().namespace());
        CalicoPolicySpec spec =
            with(p.spec(), ingress, inserted(rules(p.spec(), ingress), index, rule));
        yield new Edit(new NetworkPolicy(p.metadata(), spec), SuggestedYaml.rule(rule));
      }
      case GlobalNetworkPolicy p -> {
        Rule rule = traffic.calicoRule(action, ingress, "");
        CalicoPolicySpec spec =
            with(p.spec(), ingress, inserted(rules(p.spec(), ingress), index, rule));
        yield new Edit(new GlobalNetworkPolicy(p.metadata(), spec), SuggestedYaml.rule(rule));
      }
      case KubernetesNetworkPolicy p ->
          action == RuleAction.ALLOW && traffic.icmp() == null
              ? kubernetes(p, ingress, traffic)
              : null;
      case ClusterNetworkPolicy p ->
          traffic.port() != null && (!ingress || traffic.far() instanceof Far.Pods)
              ? cluster(p, ingress, index, action, traffic)
              : null;
      default -> null;
    };
  }

  /** Takes out the rule with this index; null if it is the only part of a rule that can go. */
  static @Nullable Edit remove(Resource policy, boolean ingress, int index) {
    return switch (policy) {
      case NetworkPolicy p -> {
        CalicoPolicySpec spec = with(p.spec(), ingress, removed(rules(p.spec(), ingress), index));
        yield new Edit(new NetworkPolicy(p.metadata(), spec), "");
      }
      case GlobalNetworkPolicy p -> {
        CalicoPolicySpec spec = with(p.spec(), ingress, removed(rules(p.spec(), ingress), index));
        yield new Edit(new GlobalNetworkPolicy(p.metadata(), spec), "");
      }
      case KubernetesNetworkPolicy p -> {
        KubernetesNetworkPolicy.Spec spec = p.spec();
        yield new Edit(
            new KubernetesNetworkPolicy(
                p.metadata(),
                new KubernetesNetworkPolicy.Spec(
                    spec.podSelector(),
                    ingress ? removed(spec.ingress(), index) : spec.ingress(),
                    ingress ? spec.egress() : removed(spec.egress(), index),
                    spec.policyTypes())),
            "");
      }
      case ClusterNetworkPolicy p -> {
        ClusterNetworkPolicy.Spec spec = p.spec();
        yield new Edit(
            new ClusterNetworkPolicy(
                p.metadata(),
                new ClusterNetworkPolicy.Spec(
                    spec.tier(),
                    spec.priority(),
                    spec.subject(),
                    ingress ? removed(spec.ingress(), index) : spec.ingress(),
                    ingress ? spec.egress() : removed(spec.egress(), index))),
            "");
      }
      default -> null;
    };
  }

  private static Edit kubernetes(
      KubernetesNetworkPolicy policy, boolean ingress, TrafficPattern traffic) {
    KubernetesNetworkPolicy.Peer peer =
        switch (traffic.far()) {
          case Far.Address(Cidr address) ->
              new KubernetesNetworkPolicy.Peer(
                  null, null, new KubernetesNetworkPolicy.IpBlock(address, List.of()), null);
          case Far.Pods(String namespace, Map<String, String> labels) ->
              new KubernetesNetworkPolicy.Peer(
                  new LabelSelector(labels, List.of()),
                  namespace.equals(policy.metadata().namespace()) ? null : named(namespace),
                  null,
                  null);
        };
    List<KubernetesNetworkPolicy.Port> ports =
        List.of(
            new KubernetesNetworkPolicy.Port(
                traffic.protocol(),
                traffic.port() == null ? null : traffic.port().toString(),
                null,
                null));
    KubernetesNetworkPolicy.PolicyRule rule =
        new KubernetesNetworkPolicy.PolicyRule(List.of(peer), ports);
    KubernetesNetworkPolicy.Spec spec = policy.spec();
    return new Edit(
        new KubernetesNetworkPolicy(
            policy.metadata(),
            new KubernetesNetworkPolicy.Spec(
                spec.podSelector(),
                ingress ? inserted(spec.ingress(), -1, rule) : spec.ingress(),
                ingress ? spec.egress() : inserted(spec.egress(), -1, rule),
                spec.policyTypes())),
        SuggestedYaml.rule(rule, ingress));
  }

  private static Edit cluster(
      ClusterNetworkPolicy policy,
      boolean ingress,
      int index,
      RuleAction action,
      TrafficPattern traffic) {
    ClusterNetworkPolicy.Peer peer =
        switch (traffic.far()) {
          case Far.Address(Cidr address) ->
              new ClusterNetworkPolicy.Peer.Networks(List.of(address));
          case Far.Pods(String namespace, Map<String, String> labels) ->
              new ClusterNetworkPolicy.Peer.Pods(
                  new ClusterNetworkPolicy.PodSelection(
                      named(namespace), new LabelSelector(labels, List.of())));
        };
    PortRange range = traffic.port() == null ? null : PortRange.of(traffic.port());
    ClusterNetworkPolicy.PolicyRule rule =
        new ClusterNetworkPolicy.PolicyRule(
            action == RuleAction.ALLOW ? "allow-this" : "deny-this",
            action == RuleAction.ALLOW
                ? ClusterNetworkPolicy.Action.ACCEPT
                : ClusterNetworkPolicy.Action.DENY,
            List.of(peer),
            List.of(new ClusterNetworkPolicy.ProtocolMatch.Ports(traffic.protocol(), range)));
    ClusterNetworkPolicy.Spec spec = policy.spec();
    return new Edit(
        new ClusterNetworkPolicy(
            policy.metadata(),
            new ClusterNetworkPolicy.Spec(
                spec.tier(),
                spec.priority(),
                spec.subject(),
                ingress ? inserted(spec.ingress(), index, rule) : spec.ingress(),
                ingress ? spec.egress() : inserted(spec.egress(), index, rule))),
        SuggestedYaml.rule(rule, ingress));
  }

  private static LabelSelector named(String namespace) {
    return new LabelSelector(Map.of(NAMESPACE_NAME, namespace), List.of());
  }

  private static List<Rule> rules(CalicoPolicySpec spec, boolean ingress) {
    return ingress ? spec.ingress() : spec.egress();
  }

  private static CalicoPolicySpec with(CalicoPolicySpec spec, boolean ingress, List<Rule> rules) {
    return new CalicoPolicySpec(
        spec.tier(),
        spec.order(),
        spec.selector(),
        spec.serviceAccountSelector(),
        spec.namespaceSelector(),
        spec.types(),
        ingress ? rules : spec.ingress(),
        ingress ? spec.egress() : rules,
        spec.doNotTrack(),
        spec.preDNAT(),
        spec.applyOnForward(),
        spec.stagedAction(),
        spec.unparseable());
  }

  private static <R> List<R> inserted(List<R> rules, int index, R rule) {
    List<R> more = new ArrayList<>(rules);
    more.add(index < 0 ? rules.size() : index, rule);
    return more;
  }

  private static <R> List<R> removed(List<R> rules, int index) {
    List<R> less = new ArrayList<>(rules);
    less.remove(index);
    return less;
  }
}
