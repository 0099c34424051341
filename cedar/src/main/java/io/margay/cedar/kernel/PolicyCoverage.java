package io.margay.cedar.kernel;

import io.margay.cedar.ast.Span;
import java.util.List;

/**
 * Where a policy is enforced. The gateway enforces every policy on the calls that pass it; the
 * question is what the kernel enforces on the accesses that do not.
 *
 * @param note what the placement means for this policy
 */
public record PolicyCoverage(
    String policyId, Placement placement, String note, List<ClauseCoverage> clauses) {
  public PolicyCoverage {
    clauses = List.copyOf(clauses);
  }

  public enum Placement {
    /** The kernel enforces none of it. */
    GATEWAY,

    /** The kernel enforces all of it, and it is about nothing else. */
    KERNEL,

    /** The kernel enforces a part of it, or it is also about actions that are not marked. */
    BOTH
  }

  /**
   * One clause: the scope's principal, action or resource, or a condition.
   *
   * @param inKernel whether the kernel sees all of it
   * @param reason why it does not; when it is decided, if it does
   */
  public record ClauseCoverage(String clause, boolean inKernel, String reason, Span span) {}
}
