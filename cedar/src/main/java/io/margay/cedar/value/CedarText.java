package io.margay.cedar.value;

import java.util.Set;

/** Writes texts as Cedar source. */
public final class CedarText {
  /** Words of the language, and the namespace that Cedar keeps for itself. */
  private static final Set<String> RESERVED =
      Set.of("true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar");

  private CedarText() {}

  /** A string literal, with the escapes that Cedar reads back. */
  public static String quote(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    text.codePoints().forEach(codePoint -> appendEscaped(out, codePoint));
    return out.append('"').toString();
  }

  /** Appends one code point of a string literal. */
  public static void appendEscaped(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case 0 -> out.append("\\0");
      default -> {
        if (isInvisible(codePoint)) {
          out.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        } else {
          out.appendCodePoint(codePoint);
        }
      }
    }
  }

  /** Whether a text can stand for an attribute without quotes: {@code [A-Za-z_][A-Za-z0-9_]*}. */
  public static boolean isIdentifier(String text) {
    if (text.isEmpty() || !isIdentifierStart(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      if (!isIdentifierPart(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a name can stand in policies without quotes: an identifier, and not reserved. */
  public static boolean isPlainName(String name) {
    return isIdentifier(name) && !RESERVED.contains(name);
  }

  public static boolean isIdentifierStart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  public static boolean isIdentifierPart(int c) {
    return isIdentifierStart(c) || (c >= '0' && c <= '9');
  }

  /** Control and format characters, among them those that reorder the text around them. */
  private static boolean isInvisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }
}
