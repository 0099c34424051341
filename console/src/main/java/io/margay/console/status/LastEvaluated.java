package io.margay.console.status;

import io.margay.flows.query.FlowReader;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.PolicyStatistic.Rule;
import io.margay.flows.query.TimeRange;
import io.margay.model.verdict.Direction;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * When policies and rules were last used. The first question reads the whole history, later ones
 * what came since. Thread-safe.
 */
final class LastEvaluated {
  /** Updates may come so much later than what they tell of. */
  private static final Duration LATE = Duration.ofHours(1);

  private final FlowReader reader;
  private final Map<PolicyName, Instant> policies = new HashMap<>();
  private final TreeMap<PolicyRule, Instant> rules = new TreeMap<>();
  private Instant from = Instant.MIN;

  LastEvaluated(FlowReader reader) {
    this.reader = reader;
  }

  /** A rule by its number; what an end of a tier did is no rule's. */
  record PolicyRule(PolicyName policy, Direction direction, int index)
      implements Comparable<PolicyRule> {
    private static final Comparator<PolicyRule> ORDER =
        Comparator.comparing(PolicyRule::policy)
            .thenComparing(PolicyRule::direction)
            .thenComparing(PolicyRule::index);

    @Override
    public int compareTo(PolicyRule other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * What is known at a moment.
   *
   * @param rules by policy and place
   */
  record Times(Map<PolicyName, Instant> policies, TreeMap<PolicyRule, Instant> rules) {}

  synchronized Times at(Instant now) {
    reader.policyActivity(new TimeRange(from, now.plusSeconds(1))).forEach(this::add);
    from = now.minus(LATE);
    return new Times(Map.copyOf(policies), new TreeMap<>(rules));
  }

  private void add(PolicyActivity activity) {
    policies.merge(activity.policy(), activity.lastUsed(), LastEvaluated::later);
    for (PolicyActivity.RuleUse use : activity.rules()) {
      Rule rule = use.rule();
      if (rule.index() >= 0) {
        rules.merge(
            new PolicyRule(activity.policy(), rule.direction(), rule.index()),
            use.lastUsed(),
            LastEvaluated::later);
      }
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
