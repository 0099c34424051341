package io.margay.cedar.schema;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class NearestName {
  private NearestName() {}

  /** The known name with the fewest edits, if fewer than half of the letters differ. */
  public static Optional<String> of(String written, Collection<String> known) {
    String best = null;
    int bestEdits = Integer.MAX_VALUE;
    for (String name : known) {
      int edits = edits(written, name);
      if (edits < bestEdits) {
        bestEdits = edits;
        best = name;
      }
    }
    return bestEdits * 2 <= written.length() + 1 ? Optional.ofNullable(best) : Optional.empty();
  }

  /** {@code did you mean X?}, or the other text where nothing is near. */
  public static String suggestion(String written, Collection<String> known, String otherwise) {
    return of(written, known).map(name -> "did you mean " + name + "?").orElse(otherwise);
  }

  /** Insertions, deletions and replacements of chars between two texts. */
  private static int edits(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int above = row[j];
        int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above, row[j - 1]));
        diagonal = above;
      }
    }
    return row[other.length()];
  }
}
