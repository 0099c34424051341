package io.margay.policy.engine;

import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.engine.Chain.ChainRule;
import io.margay.policy.engine.Chain.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides one packet: the place where Calico's rules of evaluation are written down. Tiers in
 * order; in a tier policies in order, rules top-down; Allow and Deny are final, Pass leaves the
 * tier, Log goes on. Where no rule decided, the tier's default action applies if any of its
 * policies governs the endpoint. Then profiles, of which the first Allow or Deny wins.
 */
final class Walk {
  private final Chain chain;
  private final List<ActiveRule> rules;

  /** A rule whose addresses match, with its ports resolved. */
  record ActiveRule(ChainRule rule, TransportMatch transport) {}

  /**
   * Prepares to decide packets between two addresses.
   *
   * @param rules those of the chain whose addresses match, in order
   */
  Walk(Chain chain, List<ActiveRule> rules) {
    this.chain = chain;
    this.rules = rules;
  }

  /** What becomes of a packet, with staged policies and without. */
  Outcome decide(Protocol protocol, int from, int to) {
    List<Hit> logs = new ArrayList<>();
    List<Hit> trace = new ArrayList<>();
    Verdict verdict = walk(false, protocol, from, to, trace, logs);
    if (!chain.staged()) {
      return new Outcome(verdict, trace, verdict, trace, logs);
    }
    List<Hit> pendingTrace = new ArrayList<>();
    Verdict pending = walk(true, protocol, from, to, pendingTrace, new ArrayList<>());
    return new Outcome(verdict, trace, pending, pendingTrace, logs);
  }

  private Verdict walk(
      boolean countStaged, Protocol protocol, int from, int to, List<Hit> trace, List<Hit> logs) {
    int at = 0;
    for (int i = 0; i < chain.steps().size(); i++) {
      Step step = chain.steps().get(i);
      ChainRule decided = null;
      for (; at < rules.size() && rules.get(at).rule.step() == i; at++) {
        ActiveRule active = rules.get(at);
        ChainRule rule = active.rule;
        if (decided != null
            || (rule.staged() && !countStaged)
            || !active.transport.matches(protocol, from, to)) {
          continue;
        }
        if (rule.action() == RuleAction.LOG) {
          logs.add(rule.hit());
        } else {
          decided = rule;
        }
      }
      Hit hit = decided != null ? decided.hit() : defaultOf(step, countStaged);
      if (hit != null) {
        trace.add(hit);
        switch (hit.action()) {
          case ALLOW -> {
            return allowedBy(step);
          }
          case DENY -> {
            return Verdict.DENY;
          }
          case PASS, LOG -> {}
        }
      }
    }
    return atEnd(trace);
  }

  private static @Nullable Hit defaultOf(Step step, boolean countStaged) {
    return switch (step) {
      case Step.Failsafe() -> null;
      case Step.InTier(Hit enforced, Hit pending) -> countStaged ? pending : enforced;
      case Step.InProfile(Hit missing) -> missing;
    };
  }

  /** A failsafe before tracking or NAT only saves the packet from the policies of that stage. */
  private Verdict allowedBy(Step step) {
    boolean stageOnly =
        step instanceof Step.Failsafe
            && (chain.stage() == Stage.PRE_DNAT || chain.stage() == Stage.UNTRACKED);
    return stageOnly ? Verdict.CONTINUE : Verdict.ALLOW;
  }

  private Verdict atEnd(List<Hit> trace) {
    return switch (chain.stage()) {
      case NORMAL -> {
        trace.add(Hit.endOfProfiles());
        yield Verdict.DENY;
      }
      case FORWARD -> Verdict.ALLOW;
      case PRE_DNAT, UNTRACKED -> Verdict.CONTINUE;
    };
  }
}
