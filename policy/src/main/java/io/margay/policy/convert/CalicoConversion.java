package io.margay.policy.convert;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.EntityRule.ServiceMatch;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.StagedAction;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.policy.convert.Policy.HostUse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calico's own policies and profiles to normal form. */
final class CalicoConversion {
  private final ResourceKey source;
  private final List<Problem> problems = new ArrayList<>();

  private CalicoConversion(ResourceKey source) {
    this.source = source;
  }

  static ConvertedPolicy policy(ResourceKey source, PolicyKind kind, CalicoPolicySpec spec) {
    if (spec.stagedAction() == StagedAction.DELETE) {
      // Calico never evaluates these: nothing pairs a staged policy with its enforced namesake.
      return new ConvertedPolicy(null, List.of());
    }
    CalicoConversion conversion = new CalicoConversion(source);
    Policy policy = conversion.convert(kind, spec);
    return new ConvertedPolicy(policy, conversion.problems);
  }

  /** The rules of one direction of a profile. */
  static List<MatchRule> profileRules(
      ResourceKey profile, List<Rule> rules, String field, List<Problem> problems) {
    CalicoConversion conversion = new CalicoConversion(profile);
    List<MatchRule> converted = conversion.rules(rules, field, false);
    problems.addAll(conversion.problems);
    return converted;
  }

  private Policy convert(PolicyKind kind, CalicoPolicySpec spec) {
    String namespace = source.namespace();
    boolean lost = spec.unparseable() != null;
    if (lost) {
      // A part of the subject is unknown. Without it the subject is wider: the policy keeps
      // governing all that it could have meant, and permits none of it anything.
      problem(
          "spec",
          spec.unparseable() + "; until mended, the policy permits nothing to all it could select",
          "correct the selector");
    }
    Selector subject =
        namespace.isEmpty()
            ? EffectiveSelectors.globalSubject(spec)
            : EffectiveSelectors.namespacedSubject(spec, namespace);
    return new Policy(
        new PolicyRef(kind, spec.tier(), namespace, source.name()),
        source,
        spec.order(),
        subject,
        spec.types().contains(PolicyType.INGRESS),
        spec.types().contains(PolicyType.EGRESS),
        rules(spec.ingress(), "spec.ingress", lost),
        rules(spec.egress(), "spec.egress", lost),
        hostUse(spec));
  }

  private static HostUse hostUse(CalicoPolicySpec spec) {
    if (spec.doNotTrack()) {
      return HostUse.DO_NOT_TRACK;
    }
    if (spec.preDNAT()) {
      return HostUse.PRE_DNAT;
    }
    return spec.applyOnForward() ? HostUse.APPLY_ON_FORWARD : HostUse.NORMAL;
  }

  private List<MatchRule> rules(List<Rule> rules, String field, boolean subjectLost) {
    List<MatchRule> converted = new ArrayList<>(rules.size());
    for (int i = 0; i < rules.size(); i++) {
      MatchRule rule = rule(i, rules.get(i), field + "[" + i + "]", subjectLost);
      if (rule != null) {
        converted.add(rule);
      }
    }
    return converted;
  }

  private @Nullable MatchRule rule(int index, Rule rule, String field, boolean subjectLost) {
    if (rule.unparseable() != null) {
      problem(field, rule.unparseable() + "; " + effect(rule.action()), "correct the rule");
      return failClosed(index, rule.action());
    }
    for (ServiceMatch service : services(rule)) {
      if (service.namespace().isEmpty() && source.namespace().isEmpty()) {
        problem(
            field + ".services.namespace",
            "missing, and a global policy has no namespace of its own; " + effect(rule.action()),
            "write the namespace of service " + service.name());
        return failClosed(index, rule.action());
      }
    }
    RuleAction action = rule.action();
    if (subjectLost) {
      switch (action) {
        case ALLOW -> {
          return null;
        }
        case PASS -> action = RuleAction.DENY;
        case DENY, LOG -> {}
      }
    }
    return new MatchRule(
        index,
        action,
        rule.ipVersion(),
        rule.protocol(),
        rule.notProtocol(),
        rule.icmp(),
        rule.notICMP(),
        side(rule.source()),
        side(rule.destination()));
  }

  private static List<ServiceMatch> services(Rule rule) {
    List<ServiceMatch> services = new ArrayList<>(1);
    if (rule.source().services() != null) {
      services.add(rule.source().services());
    }
    if (rule.destination().services() != null) {
      services.add(rule.destination().services());
    }
    return services;
  }

  /**
   * What is left of a rule that cannot be read. One that allows (or logs) then matches nothing. One
   * that denies might have meant anything. One that passes might have kept traffic from a later
   * Allow of its tier, so it denies too.
   */
  static @Nullable MatchRule failClosed(int index, RuleAction action) {
    return switch (action) {
      case ALLOW, LOG -> null;
      case DENY, PASS -> MatchRule.any(index, RuleAction.DENY);
    };
  }

  private static String effect(RuleAction action) {
    return switch (action) {
      case ALLOW, LOG -> "until mended, the rule matches nothing";
      case DENY, PASS -> "until mended, the rule denies everything";
    };
  }

  private Side side(EntityRule side) {
    if (side.equals(EntityRule.ANY)) {
      return Side.ANY;
    }
    Selector positive = EffectiveSelectors.positive(side, source.namespace());
    ServiceMatch service = side.services();
    if (service != null && service.namespace().isEmpty()) {
      service = new ServiceMatch(service.name(), source.namespace());
    }
    return new Side(
        side.nets(),
        side.notNets(),
        positive,
        positive == null ? side.notSelector() : null,
        null,
        service,
        PortSet.of(side.ports()),
        PortSet.of(side.notPorts()));
  }

  private void problem(String field, String reason, String fix) {
    problems.add(new Problem(source.toString(), field, "", reason, fix));
  }
}
