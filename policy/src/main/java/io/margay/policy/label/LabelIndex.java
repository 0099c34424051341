package io.margay.policy.label;

import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the matches between selectors and items while both come, change and go. A selector is kept
 * for as long as somebody has acquired it.
 *
 * @param <T> the items, told apart by {@code equals}
 */
public final class LabelIndex<T> {

  /**
   * Hears of every match that begins or ends.
   *
   * @param <T> the items
   */
  @FunctionalInterface
  public interface Listener<T> {
    void matchChanged(Selector selector, T item, boolean matches);
  }

  private final Listener<T> listener;
  private final Map<Selector, Watched<T>> selectors = new HashMap<>();
  private final Map<T, Known<T>> items = new HashMap<>();

  /** Selectors by the label that an item must carry: key, then value ("" stands for any). */
  private final Map<String, Map<String, Set<Watched<T>>>> anchored = new HashMap<>();

  private final Set<Watched<T>> unanchored = new LinkedHashSet<>();
  private final Map<String, Map<String, Set<Known<T>>>> byLabel = new HashMap<>();

  public LabelIndex(Listener<T> listener) {
    this.listener = listener;
  }

  private static final class Watched<T> {
    final Selector selector;
    final @Nullable Anchor anchor;
    final Set<Known<T>> matches = new LinkedHashSet<>();
    int users;

    Watched(Selector selector, @Nullable Anchor anchor) {
      this.selector = selector;
      this.anchor = anchor;
    }
  }

  private static final class Known<T> {
    final T item;
    LayeredLabels labels;
    final Set<Watched<T>> matches = new LinkedHashSet<>();

    Known(T item, LayeredLabels labels) {
      this.item = item;
      this.labels = labels;
    }
  }

  /** Adds an item, or changes its labels. */
  public void put(T item, LayeredLabels labels) {
    Known<T> known = items.get(item);
    if (known == null) {
      known = new Known<>(item, labels);
      items.put(item, known);
    } else if (known.labels.equals(labels)) {
      return;
    } else {
      unindex(known);
      known.labels = labels;
    }
    index(known);
    rematch(known);
  }

  /** Removes an item; all its matches end. */
  public void remove(T item) {
    Known<T> known = items.remove(item);
    if (known == null) {
      return;
    }
    unindex(known);
    for (Watched<T> watched : List.copyOf(known.matches)) {
      end(watched, known);
    }
  }

  /** Starts to watch a selector; as many releases as acquisitions end it. */
  public void acquire(Selector selector) {
    Watched<T> watched =
        selectors.computeIfAbsent(selector, s -> new Watched<>(s, narrowest(Anchor.of(s))));
    if (++watched.users > 1) {
      return;
    }
    for (Set<Watched<T>> bucket : buckets(watched)) {
      bucket.add(watched);
    }
    for (Known<T> known : candidates(watched.anchor)) {
      if (selector.matches(known.labels)) {
        begin(watched, known);
      }
    }
  }

  public void release(Selector selector) {
    Watched<T> watched = Objects.requireNonNull(selectors.get(selector), "never acquired");
    if (--watched.users > 0) {
      return;
    }
    selectors.remove(selector);
    Anchor anchor = watched.anchor;
    if (anchor == null) {
      unanchored.remove(watched);
    } else {
      for (String value : anchorValues(anchor)) {
        drop(anchored, anchor.key(), value, watched);
      }
    }
    for (Known<T> known : List.copyOf(watched.matches)) {
      end(watched, known);
    }
  }

  /** The items that a selector matches now; empty if it is not watched. */
  public List<T> matches(Selector selector) {
    Watched<T> watched = selectors.get(selector);
    return watched == null ? List.of() : watched.matches.stream().map(known -> known.item).toList();
  }

  public int selectorCount() {
    return selectors.size();
  }

  private void rematch(Known<T> known) {
    Set<Watched<T>> now = new LinkedHashSet<>();
    collect(unanchored, known, now);
    known.labels.forEach((key, value) -> {
      Map<String, Set<Watched<T>>> byValue = anchored.get(key);
      if (byValue != null) {
        collect(byValue.getOrDefault(value, Set.of()), known, now);
        // The empty value is filed with "any value": harmless, since a match is checked.
        collect(byValue.getOrDefault("", Set.of()), known, now);
      }
    });
    for (Watched<T> watched : List.copyOf(known.matches)) {
      if (!now.contains(watched)) {
        end(watched, known);
      }
    }
    for (Watched<T> watched : now) {
      if (!known.matches.contains(watched)) {
        begin(watched, known);
      }
    }
  }

  private void collect(Set<Watched<T>> candidates, Known<T> known, Set<Watched<T>> matching) {
    for (Watched<T> watched : candidates) {
      if (watched.selector.matches(known.labels)) {
        matching.add(watched);
      }
    }
  }

  private void begin(Watched<T> watched, Known<T> known) {
    watched.matches.add(known);
    known.matches.add(watched);
    listener.matchChanged(watched.selector, known.item, true);
  }

  private void end(Watched<T> watched, Known<T> known) {
    watched.matches.remove(known);
    known.matches.remove(watched);
    listener.matchChanged(watched.selector, known.item, false);
  }

  private List<Set<Watched<T>>> buckets(Watched<T> watched) {
    Anchor anchor = watched.anchor;
    if (anchor == null) {
      return List.of(unanchored);
    }
    List<Set<Watched<T>>> buckets = new ArrayList<>();
    for (String value : anchorValues(anchor)) {
      buckets.add(
          anchored
              .computeIfAbsent(anchor.key(), k -> new HashMap<>())
              .computeIfAbsent(value, v -> new LinkedHashSet<>()));
    }
    return buckets;
  }

  private static Set<String> anchorValues(Anchor anchor) {
    return anchor.values().isEmpty() ? Set.of("") : anchor.values();
  }

  /** The anchor that fewest items have now; which one it is only matters for speed. */
  private @Nullable Anchor narrowest(List<Anchor> anchors) {
    return anchors.stream()
        .min(Comparator.comparingInt(this::itemCount).thenComparingInt(Anchor::breadth))
        .orElse(null);
  }

  private int itemCount(Anchor anchor) {
    Map<String, Set<Known<T>>> byValue = byLabel.getOrDefault(anchor.key(), Map.of());
    int count = 0;
    for (String value : anchor.values().isEmpty() ? byValue.keySet() : anchor.values()) {
      count += byValue.getOrDefault(value, Set.of()).size();
    }
    return count;
  }

  private Collection<Known<T>> candidates(@Nullable Anchor anchor) {
    if (anchor == null) {
      return items.values();
    }
    Map<String, Set<Known<T>>> byValue = byLabel.getOrDefault(anchor.key(), Map.of());
    if (anchor.values().size() == 1) {
      return byValue.getOrDefault(anchor.values().iterator().next(), Set.of());
    }
    Set<Known<T>> candidates = new LinkedHashSet<>();
    for (String value : anchor.values().isEmpty() ? byValue.keySet() : anchor.values()) {
      candidates.addAll(byValue.getOrDefault(value, Collections.emptySet()));
    }
    return candidates;
  }

  private void index(Known<T> known) {
    known.labels.forEach((key, value) ->
        byLabel
            .computeIfAbsent(key, k -> new HashMap<>())
            .computeIfAbsent(value, v -> new LinkedHashSet<>())
            .add(known));
  }

  private void unindex(Known<T> known) {
    known.labels.forEach((key, value) -> drop(byLabel, key, value, known));
  }

  private static <V> void drop(
      Map<String, Map<String, Set<V>>> index, String key, String value, V what) {
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
