package io.margay.agents.audit.verify;

import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The checkpoints that a log has to agree with, each with a valid signature. */
final class Checkpoints {
  /** By size; a log that was forked has two of one size. */
  private final NavigableMap<Long, Set<Hash>> roots = new TreeMap<>();

  private final List<String> problems = new ArrayList<>();

  Checkpoints(NoteKey key, Collection<String> notes) {
    for (String note : new LinkedHashSet<>(notes)) {
      try {
        Checkpoint checkpoint = Checkpoint.open(note, key);
        if (!checkpoint.origin().equals(key.name())) {
          problems.add(
              "the checkpoint of size "
                  + checkpoint.size()
                  + " is of another log: "
                  + checkpoint.origin());
        }
        roots.computeIfAbsent(checkpoint.size(), _ -> new LinkedHashSet<>()).add(checkpoint.root());
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    if (roots.isEmpty()) {
      problems.add("there is no checkpoint: nothing proves these records");
    }
  }

  /** What is wrong with the checkpoints themselves. */
  List<String> problems() {
    return problems;
  }

  int count() {
    return roots.values().stream().mapToInt(Set::size).sum();
  }

  /** Size of the newest one; 0 without any. */
  long newest() {
    return roots.isEmpty() ? 0 : roots.lastKey();
  }

  boolean knows(long size) {
    return roots.containsKey(size);
  }

  Set<Hash> roots(long size) {
    return roots.getOrDefault(size, Set.of());
  }

  /** Sizes of checkpoints above a size. */
  Collection<Long> above(long size) {
    return roots.tailMap(size, false).keySet();
  }
}
