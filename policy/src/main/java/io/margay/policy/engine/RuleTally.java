package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.Verdict;
import io.margay.policy.engine.RuleUse.Worth;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was seen of rules so far. */
final class RuleTally {
  private final Map<Key, Entry> entries = new LinkedHashMap<>();

  private record Key(Direction direction, Hit rule) {}

  /** What was seen of one rule. */
  static final class Entry {
    private boolean needed;
    private boolean decides;
    private final Set<Hit> coveredBy = new LinkedHashSet<>();

    boolean isNeeded() {
      return needed;
    }

    /** Without the rule something would not be logged, or another verdict given. */
    void needed() {
      needed = true;
    }

    /** The rule matches a packet, but something else decided before. */
    void unreached(Hit before) {
      coveredBy.add(before);
    }

    /** The rule decides a packet. */
    void decides(Verdict verdict, Outcome without) {
      decides = true;
      needed |= without.verdict() != verdict;
      // Nothing but the end of an untracked or preDNAT chain may stand in for a rule.
      if (!needed && !without.trace().isEmpty()) {
        coveredBy.add(without.trace().getLast());
      }
    }

    private Worth worth() {
      if (needed) {
        return Worth.NEEDED;
      }
      return decides ? Worth.REDUNDANT : Worth.SHADOWED;
    }
  }

  Entry of(Direction direction, Hit rule) {
    return entries.computeIfAbsent(new Key(direction, rule), _ -> new Entry());
  }

  /** All rules of policies; failsafes and profiles are nobody's to tidy up. */
  List<RuleUse> uses() {
    return entries.entrySet().stream()
        .filter(entry -> isPolicy(entry.getKey().rule().kind()))
        .map(entry ->
            new RuleUse(
                entry.getKey().direction(),
                entry.getKey().rule(),
                entry.getValue().worth(),
                entry.getValue().needed ? List.of() : List.copyOf(entry.getValue().coveredBy)))
        .toList();
  }

  private static boolean isPolicy(PolicyKind kind) {
    return kind != PolicyKind.FAILSAFE && kind != PolicyKind.PROFILE;
  }
}
