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
    Verdict verdict = walk(false, null, protocol, from, to, trace, logs);
    if (!chain.staged()) {
      return new Outcome(verdict, trace, verdict, trace, logs);
    }
    List<Hit> pendingTrace = new ArrayList<>();
    Verdict pending = walk(true, null, protocol, from, to, pendingTrace, new ArrayList<>());
    return new Outcome(verdict, trace, pending, pendingTrace, logs);
  }

  /** Tells what the enforced rules that match a packet are to it. */
  void review(Protocol protocol, int from, int to, RuleReview.Reader reader) {
    List<Hit> logs = new ArrayList<>();
    List<Hit> trace = new ArrayList<>();
    Verdict verdict = walk(false, null, protocol, from, to, trace, logs);
    for (ActiveRule active : rules) {
      Hit hit = active.rule.hit();
      if (active.rule.staged() || !active.transport.matches(protocol, from, to)) {
        continue;
      }
      if (logs.contains(hit)) {
        reader.needed(hit);
      } else if (trace.contains(hit)) {
        List<Hit> instead = new ArrayList<>();
        if (walk(false, hit, protocol, from, to, instead, new ArrayList<>()) != verdict) {
          reader.needed(hit);
        } else {
          // Untracked and preDNAT packets may be left to later stages by nobody.
          reader.replaceable(hit, instead.isEmpty() ? null : instead.getLast());
        }
      } else {
        reader.unreached(hit, decidedBefore(active.rule.step(), trace));
      }
    }
  }

  /** What decided within a step, or else before it. */
  private Hit decidedBefore(int step, List<Hit> trace) {
    for (ActiveRule other : rules) {
      if (other.rule.step() == step && trace.contains(other.rule.hit())) {
        return other.rule.hit();
      }
    }
    return trace.getLast();
  }

  /**
   * Walks the chain.
   *
   * @param without a rule that is left out; null leaves out none
   */
  private Verdict walk(
      boolean countStaged,
      @Nullable Hit without,
      Protocol protocol,
      int from,
      int to,
      List<Hit> trace,
      List<Hit> logs) {
    int at = 0;
    for (int i = 0; i < chain.steps().size(); i++) {
      Step step = chain.steps().get(i);
      ChainRule decided = null;
      for (; at < rules.size() && rules.get(at).rule.step() == i; at++) {
        ActiveRule active = rules.get(at);
        ChainRule rule = active.rule;
        if (decided != null
            || (rule.staged() && !countStaged)
            || rule.hit().equals(without)
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
