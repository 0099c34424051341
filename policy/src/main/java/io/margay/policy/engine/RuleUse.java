package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyRef;
import java.util.List;

/**
 * What a rule is good for, over all packets that it matches.
 *
 * @param coveredBy in no particular order: what decides before it if it is shadowed, what would
 *     decide in its place if it is redundant; else empty
 */
public record RuleUse(Id rule, Worth worth, List<Hit> coveredBy) {
  public RuleUse {
    coveredBy = List.copyOf(coveredBy);
  }

  /** In order of what is worst. */
  public enum Worth {
    /** No packet matches it that there could be. */
    UNMATCHED,
    /** Every packet that it matches is decided before it. */
    SHADOWED,
    /** It decides packets, all of which would have the same verdict without it. */
    REDUNDANT,
    /** Without it some verdict would be another one, or something would not be logged. */
    NEEDED
  }

  /**
   * A rule of a policy, as the API object lists it.
   *
   * @param index from 0, among the rules of its direction
   */
  public record Id(Direction direction, PolicyRef policy, int index) {

    /** The rule that a hit of this direction tells of. */
    public static Id of(Direction direction, Hit hit) {
      PolicyRef policy = new PolicyRef(hit.kind(), hit.tier(), hit.namespace(), hit.name());
      return new Id(direction, policy, hit.ruleIndex());
    }

    /** Whether a hit of this direction tells of the rule. */
    public boolean isOf(Hit hit) {
      return index == hit.ruleIndex()
          && policy.kind() == hit.kind()
          && policy.name().equals(hit.name())
          && policy.namespace().equals(hit.namespace());
    }
  }
}
