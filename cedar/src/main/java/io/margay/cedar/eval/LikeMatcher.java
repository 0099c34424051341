package io.margay.cedar.eval;

import io.margay.cedar.ast.LikePattern;
import java.util.ArrayList;
import java.util.List;

/**
 * A pattern made ready for matching. Works on chars: neither side can start or end inside a
 * surrogate pair, so that gives the same answers as code points would.
 */
public final class LikeMatcher {
  private final String[] texts;
  private final boolean openStart;
  private final boolean openEnd;

  public LikeMatcher(LikePattern pattern) {
    List<String> found = new ArrayList<>();
    for (LikePattern.Part part : pattern.parts()) {
      if (part instanceof LikePattern.Text(String text)) {
        found.add(text);
      }
    }
    texts = found.toArray(String[]::new);
    List<LikePattern.Part> parts = pattern.parts();
    openStart = !parts.isEmpty() && parts.getFirst() instanceof LikePattern.Wildcard;
    openEnd = !parts.isEmpty() && parts.getLast() instanceof LikePattern.Wildcard;
  }

  public boolean matches(String text) {
    int first = 0;
    int last = texts.length;
    int from = 0;
    int to = text.length();
    if (last == 0) {
      return openStart || text.isEmpty();
    }
    if (!openStart) {
      if (!text.startsWith(texts[0])) {
        return false;
      }
      from = texts[0].length();
      first++;
      if (first == last) {
        return openEnd || from == to;
      }
    }
    if (!openEnd) {
      last--;
      to -= texts[last].length();
      if (to < from || !text.startsWith(texts[last], to)) {
        return false;
      }
    }
    // The first place for each text in turn leaves the most for those behind it.
    for (int i = first; i < last; i++) {
      int at = text.indexOf(texts[i], from);
      if (at < 0 || at + texts[i].length() > to) {
        return false;
      }
      from = at + texts[i].length();
    }
    return true;
  }
}
