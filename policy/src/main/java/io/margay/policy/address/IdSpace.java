package io.margay.policy.address;

import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.ints.IntSet;

/** Hands out ids that follow from content: positive, below 2^30, the next free one on collision. */
public final class IdSpace {
  private static final int MASK = (1 << 30) - 1;

  private final IntSet taken = new IntOpenHashSet();

  public int take(long contentHash) {
    int id = (int) (contentHash >>> 34) & MASK;
    while (id == 0 || !taken.add(id)) {
      id = (id + 1) & MASK;
    }
    return id;
  }

  public void free(int id) {
    taken.remove(id);
  }
}
