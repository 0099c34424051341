package io.margay.policy.why;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The traffic that a suggested rule is about: one far end, one protocol, one port.
 *
 * @param far who is at the other end
 * @param port the destination port; null for protocols without ports
 * @param icmp null for protocols other than ICMP
 */
record TrafficPattern(
    Far far, Protocol protocol, @Nullable Integer port, Rule.@Nullable IcmpMatch icmp) {

  /** The other end, as a rule can name it. */
  sealed interface Far {
    /** Pods by namespace and labels; the labels are never empty. */
    record Pods(String namespace, Map<String, String> labels) implements Far {}

    /** One address. */
    record Address(Cidr address) implements Far {}
  }

  /**
   * A Calico rule for the traffic.
   *
   * @param ingress whether the far end is the source
   * @param policyNamespace empty for global policies
   */
  Rule calicoRule(RuleAction action, boolean ingress, String policyNamespace) {
    List<PortMatch> ports =
        port == null ? List.of() : List.of(new PortMatch.Numeric(PortRange.of(port)));
    EntityRule farSide = farSide(policyNamespace);
    EntityRule source = ingress ? farSide : EntityRule.ANY;
    EntityRule destination = withPorts(ingress ? EntityRule.ANY : farSide, ports);
    return new Rule(
        action, null, protocol, null, icmp, null, source, destination, null, Map.of(), null);
  }

  private EntityRule farSide(String policyNamespace) {
    return switch (far) {
      case Far.Address(Cidr address) ->
          new EntityRule(
              List.of(address), List.of(), null, null, null, List.of(), List.of(), null, null);
      case Far.Pods(String namespace, Map<String, String> labels) ->
          new EntityRule(
              List.of(),
              List.of(),
              selector(labels),
              null,
              namespace.equals(policyNamespace) ? null : namespaceSelector(namespace),
              List.of(),
              List.of(),
              null,
              null);
    };
  }

  private static EntityRule withPorts(EntityRule side, List<PortMatch> ports) {
    return new EntityRule(
        side.nets(),
        side.notNets(),
        side.selector(),
        side.notSelector(),
        side.namespaceSelector(),
        ports,
        side.notPorts(),
        side.serviceAccounts(),
        side.services());
  }

  /** A selector for exactly these labels. */
  static Selector selector(Map<String, String> labels) {
    List<Expression> terms = new ArrayList<>();
    labels.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            label -> terms.add(new Expression.Equals(label.getKey(), label.getValue(), false)));
    return Selector.of(
        terms.size() == 1 ? terms.getFirst() : new Expression.And(List.copyOf(terms)));
  }

  private static Selector namespaceSelector(String namespace) {
    return Selector.of(new Expression.Equals("projectcalico.org/name", namespace, false));
  }
}
