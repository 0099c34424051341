package io.margay.store.local;

import java.util.ArrayList;
import java.util.List;

/**
 * The latest changes of one kind, in a ring. Readers keep their own position; one that has fallen
 * out of the ring has missed something. Not thread-safe: its owner locks.
 */
final class ChangeLog {
  /** A position that the ring no longer holds. */
  static final long FORGOTTEN = -1;

  private final int capacity;
  private final List<Change> ring = new ArrayList<>();

  /** The number of changes ever added; change {@code i} is at {@code i % capacity}. */
  private long end;

  /** Changes up to this version may be missing from the ring. */
  private long forgottenUpTo;

  ChangeLog(int capacity, long startVersion) {
    this.capacity = capacity;
    this.forgottenUpTo = startVersion;
  }

  void add(Change change) {
    int slot = (int) (end % capacity);
    if (slot < ring.size()) {
      forgottenUpTo = ring.get(slot).version();
      ring.set(slot, change);
    } else {
      ring.add(change);
    }
    end++;
  }

  /** The position of the first change later than a version, or {@link #FORGOTTEN}. */
  long positionAfter(long version) {
    if (version < forgottenUpTo) {
      return FORGOTTEN;
    }
    long low = end - ring.size();
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).version() > version) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  boolean holds(long position) {
    return position >= end - ring.size();
  }

  boolean isEnd(long position) {
    return position == end;
  }

  /** Up to {@code limit} changes from a position that the ring {@link #holds}. */
  List<Change> read(long position, int limit) {
    List<Change> changes = new ArrayList<>();
    for (long i = position; i < end && changes.size() < limit; i++) {
      changes.add(at(i));
    }
    return changes;
  }

  private Change at(long position) {
    return ring.get((int) (position % capacity));
  }
}
