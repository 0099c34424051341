package io.margay.flows.archive;

import io.margay.flows.archive.KeyQueries.Active;
import io.margay.flows.query.FlowOrder;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.ints.IntHeapPriorityQueue;
import org.jspecify.annotations.Nullable;

/** The keys of a page, in order, without sorting all others. */
final class TopKeys {
  private final Active active;

  /** For each key the place of its text, then how old its last bucket is. */
  private final long[] ranks;

  TopKeys(KeyDictionary dictionary, Active active, FlowOrder order) {
    this.active = active;
    this.ranks = new long[active.size()];
    KeyDictionary.Columns columns = dictionary.columns();
    PeerTexts texts = dictionary.peerTexts();
    switch (order) {
      case TIME -> rank(null, null);
      case SOURCE_NAME -> rank(columns.source, texts.names());
      case SOURCE_NAMESPACE -> rank(columns.source, texts.namespaces());
      case DEST_NAME -> rank(columns.dest, texts.names());
      case DEST_NAMESPACE -> rank(columns.dest, texts.namespaces());
    }
  }

  private void rank(int @Nullable [] ends, @Nullable TextColumn texts) {
    for (int i = 0; i < ranks.length; i++) {
      long place = ends == null || texts == null ? 0 : texts.place(ends[active.keys()[i]]);
      ranks[i] = place << Integer.SIZE | Integer.MAX_VALUE - active.last()[i] / Buckets.SECONDS;
    }
  }

  /** As {@link FlowOrder}: by the text, then newest first, then the higher number first. */
  private int compare(int one, int other) {
    int byRank = Long.compare(ranks[one], ranks[other]);
    return byRank == 0 ? Integer.compare(active.keys()[other], active.keys()[one]) : byRank;
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
