package io.margay.cedar.eval;

import io.margay.cedar.ast.Span;

/**
 * A policy that could not be evaluated, and so is not satisfied.
 *
 * @param span the expression at fault
 */
public record PolicyError(String policyId, String message, Span span) {

  static PolicyError of(String policyId, EvaluationException e) {
    return new PolicyError(policyId, String.valueOf(e.getMessage()), e.span());
  }

  static PolicyError recursion(String policyId, Span span) {
    return new PolicyError(policyId, "recursion limit reached", span);
  }

  /** {@code policy "policy0" at a.cedar:3:7: integer overflow: …}. */
  @Override
  public String toString() {
    return "policy \"" + policyId + "\"" + (span.isKnown() ? " at " + span : "") + ": " + message;
  }
}
