package io.margay.cedar;

import io.margay.cedar.ast.Span;
import java.util.List;
import java.util.stream.Collectors;

/** An input that cannot be read. Nothing of it is used. */
public final class CedarParseException extends RuntimeException {
  private final transient List<CedarError> errors;

  public CedarParseException(List<CedarError> errors) {
    super(errors.stream().map(CedarError::toString).collect(Collectors.joining("\n")));
    this.errors = List.copyOf(errors);
  }

  public CedarParseException(CedarError error) {
    this(List.of(error));
  }

  public CedarParseException(Span span, String message, String suggestion) {
    this(CedarError.at(span, message, suggestion));
  }

  /** At least one; several when reading could go on after the first. */
  public List<CedarError> errors() {
    return errors;
  }
}
