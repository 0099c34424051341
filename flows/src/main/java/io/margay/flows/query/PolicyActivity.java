package io.margay.flows.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * How often a policy was in a trace, enforced or pending, or logged.
 *
 * @param allowed connections that one of its rules, or its tier's end because of it, allowed
 * @param passed connections that it handed to the next tier
 * @param lastUsed the end of the last bucket in which it was seen
 * @param rules those that were seen, in their order
 */
public record PolicyActivity(
    PolicyName policy,
    long allowed,
    long denied,
    long passed,
    Instant lastUsed,
    List<RuleUse> rules) {
  public PolicyActivity {
    rules = List.copyOf(rules);
  }

  /** What the policy did according to two that do not know of each other's flows. */
  public PolicyActivity plus(PolicyActivity other) {
    TreeMap<PolicyStatistic.Rule, RuleUse> all = new TreeMap<>();
    rules.forEach(use -> all.put(use.rule(), use));
    other.rules.forEach(use -> all.merge(use.rule(), use, RuleUse::plus));
    return new PolicyActivity(
        policy,
        allowed + other.allowed,
        denied + other.denied,
        passed + other.passed,
        later(lastUsed, other.lastUsed),
        new ArrayList<>(all.values()));
  }

  /**
   * What one of its rules did. A rule is known by its number at the time: after an edit that may be
   * another one.
   *
   * @param connections that it allowed, denied, passed or logged
   */
  public record RuleUse(PolicyStatistic.Rule rule, long connections, Instant lastUsed) {
    RuleUse plus(RuleUse other) {
      return new RuleUse(rule, connections + other.connections, later(lastUsed, other.lastUsed));
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
