package io.margay.cedar.eval;

import io.margay.cedar.ast.Span;

/**
 * An error of evaluation. A policy that meets one counts as not satisfied. Without a stack trace,
 * since bad data makes them in numbers.
 */
public final class EvaluationException extends RuntimeException {
  private final transient Span span;

  public EvaluationException(Span span, String message) {
    super(message, null, false, false);
    this.span = span;
  }

  /** The expression that could not be evaluated. */
  public Span span() {
    return span;
  }
}
