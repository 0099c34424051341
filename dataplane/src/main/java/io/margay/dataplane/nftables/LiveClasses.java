package io.margay.dataplane.nftables;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which peer classes addresses have, and which of these the kernel has not been told of yet. */
final class LiveClasses {
  private final Map<Integer, Integer> prefixes = new HashMap<>();
  private final Set<Integer> unseen = new HashSet<>();

  /** A prefix that had one class (or none) has another one now (or none). */
  void move(@Nullable Integer before, @Nullable Integer now) {
    if (now != null && prefixes.merge(now, 1, Integer::sum) == 1) {
      unseen.add(now);
    }
    if (before != null && prefixes.merge(before, -1, Integer::sum) == 0) {
      prefixes.remove(before);
    }
  }

  /** Whether no packet can have been given this class so far. */
  boolean isNew(ElementKey peerClass) {
    return peerClass instanceof ElementKey.Mark(int id) && unseen.contains(id);
  }

  /** Whether any address has this class. */
  boolean isUsed(ElementKey peerClass) {
    return peerClass instanceof ElementKey.Mark(int id) && prefixes.containsKey(id);
  }

  /** The kernel has, or may have, every class. */
  void seen() {
    unseen.clear();
  }
}
