package io.margay.cedar.validate;

import io.margay.cedar.CedarError;
import io.margay.cedar.ast.Span;

/**
 * One thing that the validator found.
 *
 * @param policyId of the policy, template or link
 * @param suggestion what to write instead; empty when nobody can know
 */
public record ValidationProblem(
    String policyId, Kind kind, String message, String suggestion, Span span) {

  public enum Severity {
    /** The policy is refused. */
    ERROR,

    /** The policy is suspicious and nothing more. */
    WARNING
  }

  public enum Kind {
    UNKNOWN_ENTITY_TYPE,
    UNKNOWN_ACTION,
    UNKNOWN_ENTITY_ID,
    ACTION_NEVER_APPLIES,
    UNEXPECTED_TYPE,
    INCOMPATIBLE_TYPES,
    UNKNOWN_ATTRIBUTE,
    OPTIONAL_ATTRIBUTE,
    UNCHECKED_TAG,
    NO_TAGS,
    EMPTY_SET,
    WRONG_ARGUMENT_COUNT,
    INVALID_ARGUMENT,
    CONSTRUCTOR_NEEDS_LITERAL,
    TOO_DEEP,
    LEVEL_EXCEEDED,
    LITERAL_DEREFERENCED,
    NEVER_APPLIES(Severity.WARNING),
    MIXED_SCRIPT(Severity.WARNING),
    BIDIRECTIONAL_TEXT(Severity.WARNING),
    CONFUSABLE_NAME(Severity.WARNING);

    private final Severity severity;

    Kind() {
      this(Severity.ERROR);
    }

    Kind(Severity severity) {
      this.severity = severity;
    }

    public Severity severity() {
      return severity;
    }
  }

  public boolean isError() {
    return kind.severity() == Severity.ERROR;
  }

  /** The problem as every other error is written: place, text, what is wrong, what to do. */
  public CedarError asError() {
    return CedarError.at(span, "policy " + policyId + ": " + message, suggestion);
  }

  @Override
  public String toString() {
    return asError().toString();
  }
}
