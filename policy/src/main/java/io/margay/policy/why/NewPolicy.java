package io.margay.policy.why;

import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Expression;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.decide.PathStep;
import io.margay.policy.label.StableLabels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Suggests a policy for one kind of traffic at one kind of endpoint, ahead of its tier. */
final class NewPolicy {
  private final Trial trial;
  private final PathStep step;
  private final RuleAction action;
  private final TrafficPattern traffic;

  NewPolicy(Trial trial, PathStep step, RuleAction action, TrafficPattern traffic) {
    this.trial = trial;
    this.step = step;
    this.action = action;
    this.traffic = traffic;
  }

  /**
   * The policy.
   *
   * @param tierGoverns whether the tier already governs the endpoint; where it does not, the policy
   *     passes all other traffic on, so that nothing else changes
   */
  GlobalNetworkPolicy inTier(String tier, boolean tierGoverns) {
    boolean ingress = step.direction() == Direction.INGRESS;
    List<Rule> rules = new ArrayList<>();
    rules.add(traffic.calicoRule(action, ingress, ""));
    if (!tierGoverns) {
      rules.add(Rule.of(RuleAction.PASS));
    }
    CalicoPolicySpec spec =
        new CalicoPolicySpec(
            tier,
            firstOrder(tier),
            subject(),
            null,
            null,
            List.of(ingress ? PolicyType.INGRESS : PolicyType.EGRESS),
            ingress ? rules : List.of(),
            ingress ? List.of() : rules,
            step.stage() == Stage.UNTRACKED,
            step.stage() == Stage.PRE_DNAT,
            step.stage() != Stage.NORMAL,
            null,
            null);
    return new GlobalNetworkPolicy(ObjectMeta.of("", name(), Map.of()), spec);
  }

  /** Before all others of the tier. */
  private double firstOrder(String tier) {
    double lowest = 1;
    for (Resource resource : trial.engine().resources().values()) {
      CalicoPolicySpec spec =
          switch (resource) {
            case GlobalNetworkPolicy p -> p.spec();
            case io.margay.model.resource.NetworkPolicy p -> p.spec();
            default -> null;
          };
      if (spec != null && spec.tier().equals(tier) && spec.order() != null) {
        lowest = Math.min(lowest, spec.order());
      }
    }
    return lowest - 1;
  }

  private Selector subject() {
    Resource endpoint = Objects.requireNonNull(trial.resource(Trial.key(step.endpoint())));
    Map<String, String> labels = StableLabels.of(endpoint.metadata().labels());
    Selector byLabel = labels.isEmpty() ? Selector.all() : TrafficPattern.selector(labels);
    return switch (step.endpoint().type()) {
      case WORKLOAD ->
          byLabel.and(
              Selector.of(
                  new Expression.Equals(
                      CalicoLabels.NAMESPACE, endpoint.metadata().namespace(), false)));
      case HOST ->
          labels.isEmpty()
              ? Selector.of(new Expression.Not(new Expression.Has(CalicoLabels.NAMESPACE)))
              : byLabel;
    };
  }

  private String name() {
    String base =
        (action == RuleAction.ALLOW ? "allow" : "deny")
            + (step.direction() == Direction.INGRESS ? "-to-" : "-from-")
            + step.endpoint().name();
    String name = base;
    for (int i = 2;
        trial.resource(new ResourceKey(Kind.GLOBAL_NETWORK_POLICY, "", name)) != null;
        i++) {
      name = base + "-" + i;
    }
    return name;
  }
}
