package io.margay.console.agents;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.call.AgentDecision;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which policies decided how many recorded calls.
 *
 * @param since the oldest of the calls; empty without any
 * @param byNoPolicy calls that were denied because no policy permits them, or before one was asked
 */
record DecidedCalls(
    int considered, Optional<Instant> since, int byNoPolicy, Map<String, Counts> counts) {

  /**
   * What a policy decided.
   *
   * @param pending calls that it would decide as a staged policy
   */
  record Counts(int permitted, int denied, int held, int pending) {
    private static final Counts NONE = new Counts(0, 0, 0, 0);

    private Counts with(Counts more) {
      return new Counts(
          permitted + more.permitted,
          denied + more.denied,
          held + more.held,
          pending + more.pending);
    }
  }

  /** Adds up decisions, newest first. */
  static DecidedCalls of(List<AuditRecord> decisions) {
    Map<String, Counts> counts = new HashMap<>();
    int byNone = 0;
    for (AuditRecord record : decisions) {
      Optional<AgentDecision> decision = record.event().decision();
      if (decision.isEmpty()) {
        continue;
      }
      List<String> enforced = decision.get().enforced().policies();
      if (enforced.isEmpty()) {
        byNone++;
      }
      Counts one =
          switch (decision.get().enforced().verdict()) {
            case PERMIT -> new Counts(1, 0, 0, 0);
            case DENY -> new Counts(0, 1, 0, 0);
            case HOLD -> new Counts(0, 0, 1, 0);
          };
      enforced.forEach(policy -> counts.merge(policy, one, Counts::with));
      decision.get().pending().policies().stream()
          .filter(policy -> !enforced.contains(policy))
          .forEach(policy -> counts.merge(policy, new Counts(0, 0, 0, 1), Counts::with));
    }
    Optional<Instant> since =
        decisions.isEmpty() ? Optional.empty() : Optional.of(decisions.getLast().time());
    return new DecidedCalls(decisions.size(), since, byNone, Map.copyOf(counts));
  }

  Counts of(String policy) {
    return counts.getOrDefault(policy, Counts.NONE);
  }
}
