package io.margay.cedar.ast;

import java.util.Locale;

/** What a policy that is satisfied does. */
public enum Effect {
  PERMIT,
  FORBID;

  private final String text = name().toLowerCase(Locale.ROOT);

  public String text() {
    return text;
  }
}
