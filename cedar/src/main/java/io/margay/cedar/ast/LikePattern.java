package io.margay.cedar.ast;

import io.margay.cedar.value.CedarText;
import java.util.ArrayList;
import java.util.List;

/**
 * The right side of {@code like}.
 *
 * @param parts wildcards and texts in turn; neighbouring texts are one part, and so are
 *     neighbouring wildcards, which say no more than one
 */
public record LikePattern(List<Part> parts) {

  public LikePattern {
    parts = normalize(parts);
  }

  /** A part of a pattern. */
  public sealed interface Part {}

  /** Any text, also the empty one: {@code *}. */
  public record Wildcard() implements Part {
    public static final Wildcard ANY = new Wildcard();
  }

  /** Exactly this text. A star in it is a star; {@code \*} in the source. */
  public record Text(String text) implements Part {}

  private static List<Part> normalize(List<Part> parts) {
    List<Part> result = new ArrayList<>();
    for (Part part : parts) {
      Part last = result.isEmpty() ? null : result.getLast();
      switch (part) {
        case Text(String text) when text.isEmpty() -> {}
        case Text(String text) when last instanceof Text(String before) ->
            result.set(result.size() - 1, new Text(before + text));
        case Wildcard _ when last instanceof Wildcard -> {}
        case Text _, Wildcard _ -> result.add(part);
      }
    }
    return List.copyOf(result);
  }

  /** The pattern as a string literal. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder().append('"');
    for (Part part : parts) {
      switch (part) {
        case Wildcard _ -> out.append('*');
        case Text(String text) ->
            text.codePoints()
                .forEach(codePoint -> {
                  if (codePoint == '*') {
                    out.append("\\*");
                  } else {
                    CedarText.appendEscaped(out, codePoint);
                  }
                });
      }
    }
    return out.append('"').toString();
  }
}
