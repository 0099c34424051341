package io.margay.flows.archive;

import io.margay.flows.archive.KeyQueries.Active;
import io.margay.flows.query.FlowOrder;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.ints.IntHeapPriorityQueue;

/** The keys of a page, in order, without sorting all others. */
final class TopKeys {
  private final Active active;
  private final String[] texts;

  TopKeys(KeyDictionary dictionary, Active active, FlowOrder order) {
    this.active = active;
    this.texts = new String[active.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = order.field(dictionary.key(active.keys()[i]));
    }
  }

  /** As {@link FlowOrder}: by the text, then newest first, then the higher number first. */
  private int compare(int one, int other) {
    int byText = texts[one].compareTo(texts[other]);
    if (byText != 0) {
      return byText;
    }
    int byTime = Long.compare(active.last()[other], active.last()[one]);
    return byTime == 0 ? Integer.compare(active.keys()[other], active.keys()[one]) : byTime;
  }

  /** The keys from a place in the order to another. */
  int[] page(long from, long to) {
    int end = (int) Math.min(to, active.size());
    if (from >= end) {
      return new int[0];
    }
    IntComparator order = this::compare;
    IntHeapPriorityQueue worstFirst =
        new IntHeapPriorityQueue(end, (one, other) -> compare(other, one));
    for (int i = 0; i < active.size(); i++) {
      if (worstFirst.size() < end) {
        worstFirst.enqueue(i);
      } else if (compare(i, worstFirst.firstInt()) < 0) {
        worstFirst.dequeueInt();
        worstFirst.enqueue(i);
      }
    }
    int[] best = new int[end];
    for (int i = 0; i < end; i++) {
      best[i] = worstFirst.dequeueInt();
    }
    IntArrays.quickSort(best, order);
    int[] keys = new int[end - (int) from];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = active.keys()[best[(int) from + i]];
    }
    return keys;
  }
}
