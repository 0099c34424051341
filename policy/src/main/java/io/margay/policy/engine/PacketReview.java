package io.margay.policy.engine;

import io.margay.model.net.Protocol;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
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
  private final Map<Hit, Walk> without = new HashMap<>();

  PacketReview(Chain chain, List<ActiveRule> rules, RuleTally tally) {
    this.chain = chain;
    this.rules = rules;
    this.tally = tally;
    this.walk = new Walk(chain, rules);
  }

  void look(Protocol protocol, int from, int to) {
    Outcome outcome = walk.decide(protocol, from, to);
    for (ActiveRule active : rules) {
      Hit hit = active.rule().hit();
      if (active.rule().staged() || !active.transport().matches(protocol, from, to)) {
        continue;
      }
      RuleTally.Entry entry = tally.of(chain.direction(), hit);
      if (outcome.logs().contains(hit)) {
        entry.needed();
      } else if (!outcome.trace().contains(hit)) {
        entry.unreached(decidedBefore(active, outcome.trace()));
      } else if (!entry.isNeeded()) {
        entry.decides(outcome.verdict(), without(hit).decide(protocol, from, to));
      }
    }
  }

  private Walk without(Hit hit) {
    return without.computeIfAbsent(
        hit,
        left ->
            new Walk(
                chain, rules.stream().filter(rule -> !rule.rule().hit().equals(left)).toList()));
  }

  /** What decided in the rule's own tier or profile, or else what ended the walk before it. */
  private Hit decidedBefore(ActiveRule unreached, List<Hit> trace) {
    for (ActiveRule other : rules) {
      if (other.rule().step() == unreached.rule().step() && trace.contains(other.rule().hit())) {
        return other.rule().hit();
      }
    }
    return trace.getLast();
  }
}
