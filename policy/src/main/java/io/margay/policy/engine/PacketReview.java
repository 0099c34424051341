package io.margay.policy.engine;

import io.margay.model.net.Protocol;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.policy.engine.Walk.ActiveRule;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tells what rules are to the packets between two addresses, by trying without each of them. */
final class PacketReview {
  private final Chain chain;
  private final List<ActiveRule> rules;
  private final RuleTally tally;
  private final Walk walk;
  private final Map<RuleUse.Id, Walk> without = new HashMap<>();

  PacketReview(Chain chain, List<ActiveRule> rules, RuleTally tally) {
    this.chain = chain;
    this.rules = rules;
    this.tally = tally;
    this.walk = new Walk(chain, rules);
  }

  void look(Protocol protocol, int from, int to) {
    Outcome outcome = walk.decide(protocol, from, to);
    for (ActiveRule active : rules) {
      if (!isReviewed(active) || !active.transport().matches(protocol, from, to)) {
        continue;
      }
      RuleUse.Id rule = RuleUse.Id.of(chain.direction(), active.rule().hit());
      RuleTally.Entry entry = tally.of(rule);
      int place = place(rule, outcome.trace());
      if (outcome.logs().stream().anyMatch(rule::isOf)) {
        entry.needed();
      } else if (place < 0) {
        entry.unreached(decidedBefore(active, outcome.trace()));
      } else if (!entry.isNeeded()) {
        entry.decides(place, outcome, without(rule).decide(protocol, from, to));
      }
    }
  }

  private static int place(RuleUse.Id rule, List<Hit> trace) {
    for (int i = 0; i < trace.size(); i++) {
      if (rule.isOf(trace.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Staged policies decide nothing; failsafes and profiles are nobody's to tidy up. */
  private static boolean isReviewed(ActiveRule active) {
    PolicyKind kind = active.rule().hit().kind();
    return !active.rule().staged() && kind != PolicyKind.FAILSAFE && kind != PolicyKind.PROFILE;
  }

  /** One rule of a policy may be several here, which go together. */
  private Walk without(RuleUse.Id rule) {
    return without.computeIfAbsent(
        rule,
        left ->
            new Walk(
                chain, rules.stream().filter(other -> !left.isOf(other.rule().hit())).toList()));
  }

  /** What decided in the rule's own tier, or else what ended the walk before it. */
  private Hit decidedBefore(ActiveRule unreached, List<Hit> trace) {
    for (ActiveRule other : rules) {
      if (other.rule().step() == unreached.rule().step() && trace.contains(other.rule().hit())) {
        return other.rule().hit();
      }
    }
    return trace.getLast();
  }
}
