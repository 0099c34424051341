package io.margay.model.verdict;

import java.util.List;

/**
 * All that is known about a decision: what is enforced, and what would be if the staged policies
 * were. Interned by the engine, so that the kernel needs to carry only its number.
 *
 * @param trace the decisive steps in order, without staged policies
 * @param pending the verdict with staged policies taken as enforced
 * @param pendingTrace the decisive steps with them
 * @param logs the Log rules that matched on the way to the enforced verdict, in order
 */
public record Outcome(
    Verdict verdict, List<Hit> trace, Verdict pending, List<Hit> pendingTrace, List<Hit> logs) {
  public Outcome {
    trace = List.copyOf(trace);
    pendingTrace = List.copyOf(pendingTrace);
    logs = List.copyOf(logs);
  }

  public boolean allowed() {
    return verdict == Verdict.ALLOW;
  }

  /** Whether enforcing the staged policies would change the verdict. */
  public boolean pendingDiffers() {
    return verdict != pending;
  }
}
