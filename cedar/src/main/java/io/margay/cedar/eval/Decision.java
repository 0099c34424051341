package io.margay.cedar.eval;

import java.util.List;

/**
 * What is decided about a request, and why.
 *
 * @param reasons ids of the policies that determine the verdict, sorted: the satisfied forbids; or
 *     the satisfied permits when there are none; or nothing, which denies
 * @param errors the policies that could not be evaluated, by id. They count as not satisfied
 * @param policySetHash names the policy set that decided: SHA-256 in hexadecimal digits
 * @param reads what was looked at, in order; empty when not asked for
 */
public record Decision(
    Verdict verdict,
    List<String> reasons,
    List<PolicyError> errors,
    String policySetHash,
    List<AttributeRead> reads) {

  public Decision {
    // Lists that are immutable already are not copied.
    reasons = List.copyOf(reasons);
    errors = List.copyOf(errors);
    reads = List.copyOf(reads);
  }

  /** Allowed or denied. */
  public enum Verdict {
    ALLOW,
    DENY
  }

  public boolean isAllowed() {
    return verdict == Verdict.ALLOW;
  }
}
