package io.margay.cedar.ast;

/**
 * A text that was parsed, with the name of the file that it came from.
 *
 * @param name a path, or what else tells the reader where the text is; empty when nothing does
 */
public record SourceText(String name, String text) {
  public static final SourceText NONE = new SourceText("", "");

  /** The line of an offset, from 1. */
  public int line(int offset) {
    int line = 1;
    for (int i = 0; i < offset && i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }

  /** The column of an offset in its line, from 1, in code points. */
  public int column(int offset) {
    int end = Math.min(offset, text.length());
    int lineStart = end == 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
    return text.codePointCount(lineStart, end) + 1;
  }

  /** Says the name only: the text may be long. */
  @Override
  public String toString() {
    return name;
  }
}
