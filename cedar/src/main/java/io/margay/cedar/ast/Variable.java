package io.margay.cedar.ast;

import java.util.Locale;

/** The four parts of a request. */
public enum Variable {
  PRINCIPAL,
  ACTION,
  RESOURCE,
  CONTEXT;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** As written in policies: {@code principal}. */
  public String text() {
    return text;
  }
}
