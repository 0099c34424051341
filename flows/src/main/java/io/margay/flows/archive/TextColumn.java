package io.margay.flows.archive;

import io.margay.flows.query.StringMatch;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A text of each peer, as its place among all distinct texts in order. Questions look at hundreds
 * of thousands of peers: they compare places and touch no text.
 */
final class TextColumn {
  static final TextColumn EMPTY = new TextColumn(new String[0], new int[0]);

  /** Distinct and sorted. */
  private final String[] texts;

  /** By the peer's number. */
  private final int[] places;

  private TextColumn(String[] texts, int[] places) {
    this.texts = texts;
    this.places = places;
  }

  int place(int peer) {
    return places[peer];
  }

  /** How many peers it knows. */
  int size() {
    return places.length;
  }

  /**
   * The same with the texts of the peers that follow. What is there moves to make room, which is
   * much less work than to sort again.
   */
  TextColumn with(List<String> more) {
    TreeSet<String> fresh = new TreeSet<>(more);
    fresh.removeIf(text -> Arrays.binarySearch(texts, text) >= 0);
    String[] merged = new String[texts.length + fresh.size()];
    int[] moved = new int[texts.length];
    int end = 0;
    for (int i = 0; i < texts.length; i++) {
      while (!fresh.isEmpty() && fresh.first().compareTo(texts[i]) < 0) {
        merged[end++] = fresh.removeFirst();
      }
      moved[i] = end;
      merged[end++] = texts[i];
    }
    for (String text : fresh) {
      merged[end++] = text;
    }
    int[] all = new int[places.length + more.size()];
    for (int peer = 0; peer < places.length; peer++) {
      all[peer] = moved[places[peer]];
    }
    for (int i = 0; i < more.size(); i++) {
      all[places.length + i] = Arrays.binarySearch(merged, more.get(i));
    }
    return new TextColumn(merged, all);
  }

  /** The places of texts of which one is asked for; null if nothing is asked. */
  @Nullable BitSet matching(List<StringMatch> wanted) {
    if (wanted.isEmpty()) {
      return null;
    }
    BitSet found = new BitSet(texts.length);
    for (StringMatch match : wanted) {
      switch (match.type()) {
        case EXACT -> {
          int place = Arrays.binarySearch(texts, match.value());
          if (place >= 0) {
            found.set(place);
          }
        }
        case FUZZY -> {
          for (int place = 0; place < texts.length; place++) {
            if (match.matches(texts[place])) {
              found.set(place);
            }
          }
        }
      }
    }
    return found;
  }
}
