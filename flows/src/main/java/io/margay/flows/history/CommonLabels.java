package io.margay.flows.history;

import io.margay.flows.Flow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells which labels two sets have in common, and remembers it. Readers of the wire and of the
 * journal give equal sets as the same list, so that two lists are looked up by what they are, not
 * by what they hold; sets that are not shared are compared each time.
 */
final class CommonLabels {
  /** A power of two. */
  private static final int PLACES = 4096;

  /** Where a pair may be, from its own place on: enough that few pairs push each other out. */
  private static final int TRIED = 4;

  private static final int MOST_SHARED = 10_000;

  /** Two sets and what they have in common. */
  private record Pair(List<String> one, List<String> other, List<String> common) {}

  private final @Nullable Pair[] pairs = new Pair[PLACES];
  private final Map<List<String>, List<String>> shared = new HashMap<>();

  /** The labels that both sorted sets hold. */
  List<String> of(List<String> one, List<String> other) {
    if (one == other) {
      return one;
    }
    int place = place(one, other);
    int free = place;
    for (int i = 0; i < TRIED; i++) {
      Pair pair = pairs[place + i & PLACES - 1];
      if (pair == null) {
        free = place + i & PLACES - 1;
        break;
      }
      if (pair.one == one && pair.other == other) {
        return pair.common;
      }
    }
    List<String> common = shared(one, Flow.commonLabels(one, other));
    pairs[free] = new Pair(one, other, common);
    return common;
  }

  private static int place(List<String> one, List<String> other) {
    int hash = 31 * System.identityHashCode(one) + System.identityHashCode(other);
    return (hash ^ hash >>> 16) & PLACES - 1;
  }

  /** Makes one list of equal ones, so that pairs with it are found again. */
  private List<String> shared(List<String> one, List<String> common) {
    if (common == one) {
      return one;
    }
    if (shared.size() >= MOST_SHARED) {
      shared.clear();
    }
    List<String> known = shared.putIfAbsent(common, common);
    return known == null ? common : known;
  }
}
