package io.margay.flows.query;

/** A text to look for: the whole value, or a part of it. Case counts. */
public record StringMatch(String value, Type type) {

  /** How the text is compared. */
  public enum Type {
    EXACT,
    FUZZY
  }

  public static StringMatch exact(String value) {
    return new StringMatch(value, Type.EXACT);
  }

  public boolean matches(String text) {
    return switch (type) {
      case EXACT -> text.equals(value);
      case FUZZY -> text.contains(value);
    };
  }
}
