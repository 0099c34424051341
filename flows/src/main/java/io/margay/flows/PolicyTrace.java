package io.margay.flows;

import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Verdict;
import java.util.List;

/**
 * An outcome as flow records tell it.
 *
 * @param action the enforced verdict; Pass where a stage of a host endpoint decided nothing
 * @param pendingAction the verdict with staged policies taken as enforced
 * @param logs the Log rules that matched
 */
public record PolicyTrace(
    RuleAction action,
    RuleAction pendingAction,
    List<PolicyHit> enforced,
    List<PolicyHit> pending,
    List<PolicyHit> logs) {
  public PolicyTrace {
    enforced = List.copyOf(enforced);
    pending = List.copyOf(pending);
    logs = List.copyOf(logs);
  }

  public static PolicyTrace of(Outcome outcome) {
    return new PolicyTrace(
        action(outcome.verdict()),
        action(outcome.pending()),
        PolicyHit.of(outcome.trace()),
        PolicyHit.of(outcome.pendingTrace()),
        PolicyHit.of(outcome.logs()));
  }

  private static RuleAction action(Verdict verdict) {
    return switch (verdict) {
      case ALLOW -> RuleAction.ALLOW;
      case DENY -> RuleAction.DENY;
      case CONTINUE -> RuleAction.PASS;
    };
  }

  /** Whether enforcing the staged policies would change the verdict. */
  public boolean pendingDiffers() {
    return action != pendingAction;
  }

  /** Of the enforced hits' names and rules only: traces are looked up for every flow update. */
  @Override
  public int hashCode() {
    int hash = 31 * action.hashCode() + pendingAction.hashCode();
    for (PolicyHit hit : enforced) {
      hash = 31 * (31 * hash + hit.name().hashCode()) + hit.ruleIndex();
    }
    return hash;
  }
}
