package io.margay.agents.call;

import java.util.List;
import java.util.Optional;

/**
 * A verdict and where it comes from.
 *
 * @param tier in which it was decided; empty when no tier did, which denies
 * @param policies names of the AgentPolicy resources that determined it, sorted
 * @param reason one sentence for the caller and the auditor
 * @param approval what a held call waits for; present exactly when the verdict is HOLD
 */
public record Ruling(
    Verdict verdict, String tier, List<String> policies, String reason, Optional<Hold> approval) {

  public Ruling {
    policies = List.copyOf(policies);
    if (approval.isPresent() != (verdict == Verdict.HOLD)) {
      throw new IllegalArgumentException("a held call, and no other, says what it waits for");
    }
  }

  /**
   * What a held call waits for.
   *
   * @param approvers groups of which somebody has to approve; empty for anybody who may approve
   * @param count by how many people, at least 1
   * @param seconds how long it may wait
   * @param hashOnly whether systems outside are told the hash of the arguments, not the arguments
   */
  public record Hold(List<String> approvers, int count, int seconds, boolean hashOnly) {

    public Hold {
      approvers = List.copyOf(approvers);
      if (count < 1 || seconds < 1) {
        throw new IllegalArgumentException("approvals: count and seconds are at least 1");
      }
    }

    /** One of which systems outside are told all. */
    public Hold(List<String> approvers, int count, int seconds) {
      this(approvers, count, seconds, false);
    }
  }
}
