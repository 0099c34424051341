package io.margay.policy.engine;

import io.margay.policy.table.EndpointGroup;
import io.margay.policy.table.GroupEdit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What a flush changes about the groups. */
final class PublishedGroups {
  private Map<Integer, EndpointGroup> set = new HashMap<>();
  private Map<Integer, GroupEdit> edited = new HashMap<>();
  private Set<Integer> removed = new HashSet<>();

  /**
   * The difference.
   *
   * @param set groups that are new or have another usual table
   * @param edited groups of which only some classes changed
   */
  record Changes(
      Map<Integer, EndpointGroup> set, Map<Integer, GroupEdit> edited, Set<Integer> removed) {}

  void set(int id, EndpointGroup group) {
    set.put(id, group);
  }

  void edit(int id, GroupEdit edit) {
    if (!edit.isEmpty()) {
      edited.put(id, edit);
    }
  }

  void remove(int id) {
    removed.add(id);
  }

  Changes drain() {
    Changes changes = new Changes(set, edited, removed);
    set = new HashMap<>();
    edited = new HashMap<>();
    removed = new HashSet<>();
    return changes;
  }
}
