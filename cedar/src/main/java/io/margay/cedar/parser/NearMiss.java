package io.margay.cedar.parser;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
final class NearMiss {
  private NearMiss() {}

  /** {@code did you mean contains?}, or empty when no name is near. */
  static String suggestion(String written, Collection<String> names) {
    return nearest(written, names).map(name -> "did you mean " + name + "?").orElse("");
  }

  private static Optional<String> nearest(String written, Collection<String> names) {
    // A name that is long enough may be off by a third of its letters.
    int farthest = Math.max(1, Math.min(3, written.length() / 3));
    return names.stream()
        .filter(name -> distance(written, name) <= farthest)
        .min(
            Comparator.comparingInt((String name) -> distance(written, name))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** How many letters have to be put in, taken out or changed; case does not count. */
  private static int distance(String written, String name) {
    String a = written.toLowerCase(Locale.ROOT);
    String b = name.toLowerCase(Locale.ROOT);
    if (Math.abs(a.length() - b.length()) > 3) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(above, row[j - 1]) + 1, diagonal + change);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
