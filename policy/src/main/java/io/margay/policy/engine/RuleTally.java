package io.margay.policy.engine;

import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.policy.engine.RuleUse.Worth;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was seen of rules so far. */
final class RuleTally {
  private final Map<RuleUse.Id, Entry> entries = new LinkedHashMap<>();

  /** What was seen of one rule. */
  static final class Entry {
    private boolean needed;
    private boolean decides;
    private final Set<Hit> before = new LinkedHashSet<>();
    private final Set<Hit> instead = new LinkedHashSet<>();

    boolean isNeeded() {
      return needed;
    }

    /** Without the rule something would not be logged, or another verdict given. */
    void needed() {
      needed = true;
    }

    /** The rule matches a packet, but something else decided before. */
    void unreached(Hit decidedBefore) {
      before.add(decidedBefore);
    }

    /** The rule decides a packet in its tier, at a place of the trace that another may take. */
    void decides(int place, Outcome with, Outcome without) {
      decides = true;
      needed |= without.verdict() != with.verdict();
      // The end of an untracked or preDNAT chain leaves no trace.
      if (place < without.trace().size()) {
        instead.add(without.trace().get(place));
      }
    }

    private RuleUse use(RuleUse.Id rule) {
      if (needed) {
        return new RuleUse(rule, Worth.NEEDED, List.of());
      }
      if (decides) {
        return new RuleUse(rule, Worth.REDUNDANT, List.copyOf(instead));
      }
      return new RuleUse(
          rule, before.isEmpty() ? Worth.UNMATCHED : Worth.SHADOWED, List.copyOf(before));
    }
  }

  Entry of(RuleUse.Id rule) {
    return entries.computeIfAbsent(rule, _ -> new Entry());
  }

  List<RuleUse> uses() {
    return entries.entrySet().stream().map(entry -> entry.getValue().use(entry.getKey())).toList();
  }
}
