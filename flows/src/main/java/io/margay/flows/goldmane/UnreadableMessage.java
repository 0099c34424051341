package io.margay.flows.goldmane;

/** A message that says something that nobody can mean; the text says what and where. */
public final class UnreadableMessage extends Exception {
  private static final long serialVersionUID = 1;

  public UnreadableMessage(String message) {
    super(message);
  }
}
