package io.margay.cedar.ast;

/** What a template leaves open, in its scope only. */
public enum Slot {
  PRINCIPAL("?principal"),
  RESOURCE("?resource");

  private final String text;

  Slot(String text) {
    this.text = text;
  }

  /** As written in policies: {@code ?principal}. */
  public String text() {
    return text;
  }
}
