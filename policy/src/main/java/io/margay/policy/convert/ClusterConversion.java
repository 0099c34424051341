package io.margay.policy.convert;

import io.margay.model.manifest.Problem;
import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.ClusterNetworkPolicy.Peer;
import io.margay.model.resource.ClusterNetworkPolicy.PodSelection;
import io.margay.model.resource.ClusterNetworkPolicy.PolicyRule;
import io.margay.model.resource.ClusterNetworkPolicy.ProtocolMatch;
import io.margay.model.resource.ClusterNetworkPolicy.Subject;
import io.margay.model.resource.LabelSelector;
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
import org.jspecify.annotations.Nullable;

/**
 * Cluster-wide Kubernetes policies. A peer or protocol that is unknown or cannot be read fails
 * closed by itself: its siblings in the rule keep working.
 */
final class ClusterConversion {
  private static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

  private final ResourceKey source;
  private final List<Problem> problems = new ArrayList<>();

  private ClusterConversion(ResourceKey source) {
    this.source = source;
  }

  static ConvertedPolicy policy(ClusterNetworkPolicy policy) {
    ClusterConversion conversion = new ClusterConversion(policy.key());
    Policy converted = conversion.convert(policy.spec());
    return new ConvertedPolicy(converted, conversion.problems);
  }

  private Policy convert(ClusterNetworkPolicy.Spec spec) {
    String tier =
        switch (spec.tier()) {
          case ADMIN -> Tier.KUBE_ADMIN;
          case BASELINE -> Tier.KUBE_BASELINE;
        };
    Selector subject = null;
    try {
      subject = subject(spec.subject());
    } catch (IllegalArgumentException e) {
      problem(
          "spec.subject",
          e.getMessage() + "; until mended, the policy denies for every pod",
          "write either namespaces or pods");
    }
    boolean lost = subject == null;
    return new Policy(
        new PolicyRef(PolicyKind.CLUSTER_NETWORK_POLICY, tier, "", source.name()),
        source,
        (double) spec.priority(),
        subject == null ? LabelSelectors.pods(EVERYTHING) : subject,
        !spec.ingress().isEmpty(),
        !spec.egress().isEmpty(),
        rules(spec.ingress(), true, lost),
        rules(spec.egress(), false, lost),
        HostUse.NORMAL);
  }

  private static Selector subject(Subject subject) {
    LabelSelector namespaces = subject.namespaces();
    PodSelection pods = subject.pods();
    if ((namespaces == null) == (pods == null)) {
      throw new IllegalArgumentException("does not have exactly one of namespaces and pods");
    }
    return pods != null
        ? pods(pods)
        : LabelSelectors.namespaces(namespaces == null ? EVERYTHING : namespaces)
            .and(LabelSelectors.pods(EVERYTHING));
  }

  private static Selector pods(PodSelection selection) {
    return LabelSelectors.namespaces(selection.namespaceSelector())
        .and(LabelSelectors.pods(selection.podSelector()));
  }

  private List<MatchRule> rules(List<PolicyRule> rules, boolean ingress, boolean subjectLost) {
    List<MatchRule> converted = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      PolicyRule rule = rules.get(i);
      RuleAction action = action(rule, subjectLost);
      if (action == null) {
        continue;
      }
      String field = (ingress ? "spec.ingress[" : "spec.egress[") + i + "]";
      converted.addAll(new Expansion(i, rule, action, ingress, field).expand());
    }
    return converted;
  }

  /** Null if the rule must not match: it would permit, and for whom is unknown. */
  private static @Nullable RuleAction action(PolicyRule rule, boolean subjectLost) {
    return switch (rule.action()) {
      case ACCEPT -> subjectLost ? null : RuleAction.ALLOW;
      case DENY -> RuleAction.DENY;
      case PASS -> subjectLost ? RuleAction.DENY : RuleAction.PASS;
    };
  }

  /** One rule of the API to one rule for each peer and protocol. */
  private final class Expansion {
    private final int index;
    private final PolicyRule rule;
    private final RuleAction action;
    private final boolean ingress;
    private final String field;
    private final List<MatchRule> good = new ArrayList<>();

    /** After the good ones, so that what a readable peer passes is not denied. */
    private final List<MatchRule> closed = new ArrayList<>();

    Expansion(int index, PolicyRule rule, RuleAction action, boolean ingress, String field) {
      this.index = index;
      this.rule = rule;
      this.action = action;
      this.ingress = ingress;
      this.field = field;
    }

    List<MatchRule> expand() {
      for (int i = 0; i < rule.peers().size(); i++) {
        String at = field + (ingress ? ".from[" : ".to[") + i + "]";
        Side peer = null;
        try {
          peer = peer(rule.peers().get(i));
        } catch (IllegalArgumentException e) {
          unreadable(at, e);
        }
        if (peer != null) {
          protocols(peer);
        } else {
          closed(null, Side.ANY);
        }
      }
      good.addAll(closed);
      return good;
    }

    private void protocols(Side peer) {
      if (rule.protocols().isEmpty()) {
        good.add(rule(action, null, peer, PortSet.NONE));
        return;
      }
      for (int i = 0; i < rule.protocols().size(); i++) {
        switch (rule.protocols().get(i)) {
          case ProtocolMatch.Ports(Protocol protocol, PortRange destination) ->
              good.add(
                  rule(
                      action,
                      protocol,
                      peer,
                      destination == null
                          ? PortSet.NONE
                          : new PortSet(List.of(destination), List.of())));
          case ProtocolMatch.NamedPort(String name) ->
              good.add(rule(action, null, peer, new PortSet(List.of(), List.of(name))));
          case ProtocolMatch.Unknown(String reason) -> {
            unreadable(field + ".protocols[" + i + "]", new IllegalArgumentException(reason));
            closed(null, peer);
          }
        }
      }
    }

    /** A rule that permits matches nothing; any other might have meant to keep traffic away. */
    private void closed(@Nullable Protocol protocol, Side peer) {
      if (action != RuleAction.ALLOW) {
        closed.add(rule(RuleAction.DENY, protocol, peer, PortSet.NONE));
      }
    }

    private MatchRule rule(
        RuleAction ruleAction, @Nullable Protocol protocol, Side peer, PortSet ports) {
      Side source = ingress ? peer : Side.ANY;
      Side destination = (ingress ? Side.ANY : peer).withPorts(ports);
      return MatchRule.of(index, ruleAction, protocol, source, destination);
    }

    private void unreadable(String at, IllegalArgumentException reason) {
      String effect =
          action == RuleAction.ALLOW
              ? "; until mended, this part matches nothing"
              : "; until mended, this part denies everything";
      problem(at, reason.getMessage() + effect, "");
    }
  }

  private static Side peer(Peer peer) {
    return switch (peer) {
      case Peer.Namespaces(LabelSelector selector) ->
          Side.selecting(LabelSelectors.namespaces(selector));
      case Peer.Pods(PodSelection selection) -> Side.selecting(pods(selection));
      case Peer.Networks(List<Cidr> nets) -> Side.within(nets, List.of());
      case Peer.Nodes(LabelSelector selector) -> Side.onNodes(selector.toSelector());
      case Peer.DomainNames(List<String> names) ->
          throw new IllegalArgumentException("domainNames " + names + " are not supported yet");
      case Peer.Unknown(String reason) -> throw new IllegalArgumentException(reason);
    };
  }

  private void problem(String field, String reason, String fix) {
    problems.add(new Problem(source.toString(), field, "", reason, fix));
  }
}
