package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import java.util.List;

/**
 * What a rule is good for, over all packets that it matches.
 *
 * @param coveredBy what decides before it or in its place, in no particular order; empty if it is
 *     needed
 */
public record RuleUse(Direction direction, Hit rule, Worth worth, List<Hit> coveredBy) {
  /** In order of what is worst. */
  public enum Worth {
    /** Every packet that it matches is decided before it. */
    SHADOWED,
    /** It decides packets, all of which would have the same verdict without it. */
    REDUNDANT,
    /** Without it some verdict would be another one, or something would not be logged. */
    NEEDED
  }

  public RuleUse {
    coveredBy = List.copyOf(coveredBy);
  }
}
