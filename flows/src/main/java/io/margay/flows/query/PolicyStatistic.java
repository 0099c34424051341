package io.margay.flows.query;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy or one of its rules did.
 *
 * @param rule null when told for the whole policy, in both directions
 * @param points one for totals; for a series those steps that have flows, oldest first
 */
public record PolicyStatistic(PolicyName policy, @Nullable Rule rule, List<Point> points) {
  public PolicyStatistic {
    points = List.copyOf(points);
  }

  /**
   * A rule, or the default action of a tier.
   *
   * @param index the rule's position in its policy and direction; -1 for a default action
   */
  public record Rule(Direction direction, int index, RuleAction action)
      implements Comparable<Rule> {
    private static final Comparator<Rule> ORDER =
        Comparator.comparing(Rule::direction)
            .thenComparing(Rule::index)
            .thenComparing(Rule::action);

    @Override
    public int compareTo(Rule other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Counts by what the policy did with the flow. "In" is from the client to the destination, "out"
   * are the answers; open connections are "in" where the destination reports, else "out".
   *
   * @param at the start of the step; for totals of the first bucket with flows
   */
  public record Point(
      Instant at,
      long allowedIn,
      long allowedOut,
      long deniedIn,
      long deniedOut,
      long passedIn,
      long passedOut) {}
}
