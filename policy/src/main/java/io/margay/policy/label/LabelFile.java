package io.margay.policy.label;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the items that carry a label. Filed are they only by labels that selectors narrow by, from
 * the first such selector on.
 *
 * @param <T> the items
 */
final class LabelFile<T> {
  private final Map<T, LayeredLabels> items;

  /** How many items carry a label. */
  private final Object2IntOpenHashMap<String> carriers = new Object2IntOpenHashMap<>();

  /** Items by labels: key, then value. */
  private final Map<String, Map<String, Set<T>>> filed = new HashMap<>();

  /** With how many items selectors were compared that a label, not filed by, might have spared. */
  private final Object2IntOpenHashMap<String> missed = new Object2IntOpenHashMap<>();

  /**
   * A file.
   *
   * @param items all of them, as the caller keeps them
   */
  LabelFile(Map<T, LayeredLabels> items) {
    this.items = items;
  }

  void add(T item, LayeredLabels labels) {
    labels.forEach((key, value) -> {
      carriers.addTo(key, 1);
      add(filed.get(key), value, item);
    });
  }

  void remove(T item, LayeredLabels labels) {
    labels.forEach((key, value) -> {
      if (carriers.addTo(key, -1) == 1) {
        carriers.removeInt(key);
      }
      drop(filed, key, value, item);
    });
  }

  /** Files all items by the labels that these narrow by, from now on; in one go for all. */
  void prepare(Collection<Anchor> anchors) {
    Set<String> missing = new HashSet<>();
    for (Anchor anchor : anchors) {
      if (carriers.getInt(anchor.key()) > 0 && !filed.containsKey(anchor.key())) {
        missing.add(anchor.key());
      }
    }
    if (!missing.isEmpty()) {
      fileBy(missing);
    }
  }

  /** The items that have what the anchor asks for; only after {@link #prepare}. */
  Collection<T> carriers(Anchor anchor) {
    Map<String, Set<T>> byValue = filed.getOrDefault(anchor.key(), Map.of());
    if (anchor.values().size() == 1) {
      return byValue.getOrDefault(anchor.values().iterator().next(), Set.of());
    }
    List<T> found = new ArrayList<>();
    for (String value : anchor.values().isEmpty() ? byValue.keySet() : anchor.values()) {
      found.addAll(byValue.getOrDefault(value, Set.of()));
    }
    return found;
  }

  /**
   * The anchor that fewest items have now, null without any; which one it is only matters for
   * speed. How few items have a value is known of labels by which items are filed. To file them by
   * one more label takes a pass over all of them, so that waits until doing without has cost as
   * much.
   */
  @Nullable Anchor narrowest(List<Anchor> anchors) {
    Anchor best = fewest(anchors);
    if (best == null || anchors.size() == 1) {
      return best;
    }
    int cost = count(best);
    Set<String> overdue = new HashSet<>();
    for (Anchor other : anchors) {
      String key = other.key();
      if (!other.values().isEmpty()
          && carriers.getInt(key) > 0
          && !filed.containsKey(key)
          && missed.addTo(key, cost) + cost >= items.size()) {
        overdue.add(key);
      }
    }
    if (overdue.isEmpty()) {
      return best;
    }
    fileBy(overdue);
    return fewest(anchors);
  }

  private @Nullable Anchor fewest(List<Anchor> anchors) {
    return anchors.stream()
        .min(Comparator.comparingInt(this::count).thenComparingInt(Anchor::breadth))
        .orElse(null);
  }

  /** How many items have it, at the most. */
  private int count(Anchor anchor) {
    Map<String, Set<T>> byValue = filed.get(anchor.key());
    if (byValue == null || anchor.values().isEmpty()) {
      return carriers.getInt(anchor.key());
    }
    int count = 0;
    for (String value : anchor.values()) {
      count += byValue.getOrDefault(value, Set.of()).size();
    }
    return count;
  }

  private void fileBy(Set<String> keys) {
    Map<String, Map<String, Set<T>>> files = new HashMap<>();
    keys.forEach(key -> files.put(key, new HashMap<>()));
    items.forEach(
        (item, labels) -> labels.forEach((key, value) -> add(files.get(key), value, item)));
    filed.putAll(files);
    keys.forEach(missed::removeInt);
  }

  private void add(@Nullable Map<String, Set<T>> byValue, String value, T item) {
    if (byValue != null) {
      byValue.computeIfAbsent(value, v -> new ObjectOpenHashSet<>(2)).add(item);
    }
  }

  /** Takes something out of an index by key and value, and what is empty then. */
  static <V> void drop(Map<String, Map<String, Set<V>>> index, String key, String value, V what) {
    Map<String, Set<V>> byValue = index.get(key);
    if (byValue == null) {
      return;
    }
    Set<V> bucket = byValue.get(value);
    if (bucket == null) {
      return;
    }
    bucket.remove(what);
    if (bucket.isEmpty()) {
      byValue.remove(value);
      if (byValue.isEmpty()) {
        index.remove(key);
      }
    }
  }
}
