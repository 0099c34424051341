package io.margay.policy.convert;

import io.margay.model.manifest.Problem;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.KubernetesNetworkPolicy.IpBlock;
import io.margay.model.resource.KubernetesNetworkPolicy.Peer;
import io.margay.model.resource.KubernetesNetworkPolicy.PolicyRule;
import io.margay.model.resource.KubernetesNetworkPolicy.Port;
import io.margay.model.resource.KubernetesNetworkPolicy.Spec;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.Tier;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.policy.convert.Policy.HostUse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes network policies, enforced and staged. They only allow, so a part that cannot be read
 * fails closed by matching nothing.
 */
final class KubernetesConversion {
  /** Where Calico orders these policies in the default tier. */
  private static final double ORDER = 1000;

  private static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

  private final ResourceKey source;
  private final List<Problem> problems = new ArrayList<>();

  private KubernetesConversion(ResourceKey source) {
    this.source = source;
  }

  static ConvertedPolicy policy(ResourceKey source, PolicyKind kind, Spec spec) {
    KubernetesConversion conversion = new KubernetesConversion(source);
    Policy policy = conversion.convert(kind, spec);
    return new ConvertedPolicy(policy, conversion.problems);
  }

  private Policy convert(PolicyKind kind, Spec spec) {
    Selector inNamespace = EffectiveSelectors.namespace(source.namespace());
    Selector subject;
    List<PolicyRule> ingress = spec.ingress();
    List<PolicyRule> egress = spec.egress();
    try {
      LabelSelector pods = spec.podSelector() == null ? EVERYTHING : spec.podSelector();
      subject = LabelSelectors.pods(pods).and(inNamespace);
    } catch (IllegalArgumentException e) {
      // Whom it isolates is unknown: it isolates the namespace and allows nothing.
      problem(
          "spec.podSelector",
          e.getMessage() + "; until mended, the policy isolates every pod of the namespace",
          "write In, NotIn, Exists or DoesNotExist");
      subject = LabelSelectors.pods(EVERYTHING).and(inNamespace);
      ingress = List.of();
      egress = List.of();
    }
    return new Policy(
        new PolicyRef(kind, Tier.DEFAULT, source.namespace(), source.name()),
        source,
        ORDER,
        subject,
        spec.policyTypes().contains(PolicyType.INGRESS),
        spec.policyTypes().contains(PolicyType.EGRESS),
        rules(ingress, true),
        rules(egress, false),
        HostUse.NORMAL);
  }

  private List<MatchRule> rules(List<PolicyRule> rules, boolean ingress) {
    List<MatchRule> converted = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      String field = (ingress ? "spec.ingress[" : "spec.egress[") + i + "]";
      PolicyRule rule = rules.get(i);
      List<Side> peers = peers(rule.peers(), field + (ingress ? ".from" : ".to"));
      List<PortRule> ports = ports(rule.ports(), field + ".ports");
      for (Side peer : peers) {
        for (PortRule port : ports) {
          Side source = ingress ? peer : Side.ANY;
          Side destination = (ingress ? Side.ANY : peer).withPorts(port.ports());
          converted.add(MatchRule.of(i, RuleAction.ALLOW, port.protocol(), source, destination));
        }
      }
    }
    return converted;
  }

  private List<Side> peers(List<Peer> peers, String field) {
    if (peers.isEmpty()) {
      return List.of(Side.ANY);
    }
    List<Side> sides = new ArrayList<>(peers.size());
    for (int i = 0; i < peers.size(); i++) {
      Peer peer = peers.get(i);
      try {
        if (peer.unparseable() != null) {
          throw new IllegalArgumentException(peer.unparseable());
        }
        sides.add(peer(peer));
      } catch (IllegalArgumentException e) {
        problem(
            field + "[" + i + "]",
            e.getMessage() + "; until mended, the peer matches nothing",
            "correct the peer");
      }
    }
    return sides;
  }

  private Side peer(Peer peer) {
    IpBlock block = peer.ipBlock();
    if (block != null) {
      return Side.within(List.of(block.cidr()), block.except());
    }
    if (peer.podSelector() == null && peer.namespaceSelector() == null) {
      throw new IllegalArgumentException("has none of podSelector, namespaceSelector and ipBlock");
    }
    Selector namespaces =
        peer.namespaceSelector() == null
            ? EffectiveSelectors.namespace(source.namespace())
            : LabelSelectors.namespaces(peer.namespaceSelector());
    LabelSelector pods = peer.podSelector() == null ? EVERYTHING : peer.podSelector();
    return Side.selecting(namespaces.and(LabelSelectors.pods(pods)));
  }

  /** The ports of one protocol; an empty set is the whole protocol. */
  private record PortRule(@Nullable Protocol protocol, PortSet ports) {}

  private List<PortRule> ports(List<Port> ports, String field) {
    if (ports.isEmpty()) {
      return List.of(new PortRule(null, PortSet.NONE));
    }
    Map<Protocol, List<PortSet>> byProtocol = new TreeMap<>();
    for (int i = 0; i < ports.size(); i++) {
      Port port = ports.get(i);
      try {
        byProtocol.computeIfAbsent(port.protocol(), p -> new ArrayList<>()).add(port(port));
      } catch (IllegalArgumentException e) {
        problem(
            field + "[" + i + "]",
            e.getMessage() + "; until mended, the entry matches nothing",
            "correct the port");
      }
    }
    List<PortRule> rules = new ArrayList<>();
    byProtocol.forEach((protocol, sets) -> {
      if (sets.isEmpty()) {
        return;
      }
      PortSet union =
          sets.stream().anyMatch(PortSet::isEmpty)
              ? PortSet.NONE
              : new PortSet(
                  sets.stream().flatMap(s -> s.ranges().stream()).sorted().distinct().toList(),
                  sets.stream().flatMap(s -> s.names().stream()).distinct().toList());
      rules.add(new PortRule(protocol, union));
    });
    return rules;
  }

  private static PortSet port(Port port) {
    if (port.unparseable() != null) {
      throw new IllegalArgumentException(port.unparseable());
    }
    String text = port.port();
    if (text == null) {
      return PortSet.NONE;
    }
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return new PortSet(List.of(), List.of(text));
    }
    int first = Integer.parseInt(text);
    int last = port.endPort() == null ? first : port.endPort();
    return new PortSet(List.of(new PortRange(first, last)), List.of());
  }

  private void problem(String field, String reason, String fix) {
    problems.add(new Problem(source.toString(), field, "", reason, fix));
  }
}
