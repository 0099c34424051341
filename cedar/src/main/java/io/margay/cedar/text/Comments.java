package io.margay.cedar.text;

import io.margay.cedar.ast.Span;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** The comments of a text that are not written yet, in order. */
final class Comments {
  private final Deque<Span> left;

  Comments(Collection<Span> comments) {
    left = new ArrayDeque<>(comments);
  }

  /** Whether a comment is left that starts before an offset. */
  boolean hasBefore(int offset) {
    return !left.isEmpty() && left.peek().start() < offset;
  }

  /** Takes the comments that start before an offset. */
  List<Span> takeBefore(int offset) {
    List<Span> taken = new ArrayList<>();
    while (hasBefore(offset)) {
      taken.add(left.remove());
    }
    return taken;
  }
}
