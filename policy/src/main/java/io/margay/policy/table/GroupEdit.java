package io.margay.policy.table;

import java.util.Map;
import java.util.Set;

/**
 * How the tables of a group changed whose usual table stayed the same.
 *
 * @param set class id to port table id
 * @param removed classes that have the usual table now, or that are no more
 */
public record GroupEdit(Map<Integer, Integer> set, Set<Integer> removed) {
  public GroupEdit {
    set = Map.copyOf(set);
    removed = Set.copyOf(removed);
  }

  public boolean isEmpty() {
    return set.isEmpty() && removed.isEmpty();
  }
}
