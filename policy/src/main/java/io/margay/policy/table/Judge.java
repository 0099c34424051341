package io.margay.policy.table;

import java.util.Map;

/**
 * Which group judges an endpoint's packets. Nearly always one; it depends on the address on the
 * endpoint's own side only where rules ask about that side and the answers differ, as for a host
 * endpoint that forwards to many pods.
 *
 * @param usual the group id for every local class that {@code groups} does not name
 * @param groups class id of the local address to group id, where it is another one
 */
public record Judge(int usual, Map<Integer, Integer> groups) {
  public Judge {
    groups = Map.copyOf(groups);
  }

  public static Judge always(int group) {
    return new Judge(group, Map.of());
  }

  public int group(int localClass) {
    return groups.getOrDefault(localClass, usual);
  }
}
