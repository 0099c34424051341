package io.margay.policy.label;

import io.margay.model.selector.Selector;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the matches between selectors and items while both come, change and go. A selector is kept
 * for as long as somebody has acquired it.
 *
 * <p>There may be hundreds of thousands of items, each with labels that no selector ever asks for.
 * So an item costs its place in one map, and items are filed by a label only from the first
 * selector on that narrows by it. A match is noted once, with the selector.
 *
 * @param <T> the items, told apart by {@code equals}
 */
public final class LabelIndex<T> {

  /**
   * Hears of every match that begins or ends, and must not change the index.
   *
   * @param <T> the items
   */
  @FunctionalInterface
  public interface Listener<T> {
    void matchChanged(Selector selector, T item, boolean matches);
  }

  private final Listener<T> listener;
  private final Map<Selector, Watched<T>> selectors = new HashMap<>();
  private final Map<T, LayeredLabels> items = new Object2ObjectOpenHashMap<>();

  /** How many items carry a label. */
  private final Object2IntOpenHashMap<String> carriers = new Object2IntOpenHashMap<>();

  /** Items by those labels that some selector asked for: key, then value. */
  private final Map<String, Map<String, Set<T>>> filed = new HashMap<>();

  /** Selectors by the label that an item must carry: key, then value ("" stands for any). */
  private final Map<String, Map<String, Set<Watched<T>>>> anchored = new HashMap<>();

  private final Set<Watched<T>> unanchored = new LinkedHashSet<>();

  public LabelIndex(Listener<T> listener) {
    this.listener = listener;
  }

  private static final class Watched<T> {
    final Selector selector;
    final @Nullable Anchor anchor;
    final Set<T> matches = new ObjectOpenHashSet<>(2);
    int users;

    Watched(Selector selector, @Nullable Anchor anchor) {
      this.selector = selector;
      this.anchor = anchor;
    }
  }

  /** Adds an item, or changes its labels. */
  public void put(T item, LayeredLabels labels) {
    LayeredLabels before = items.put(item, labels);
    if (labels.equals(before)) {
      return;
    }
    List<Watched<T>> ended = new ArrayList<>();
    if (before != null) {
      unfile(item, before);
      forEachCandidate(
          before,
          watched -> {
            if (watched.matches.contains(item) && !watched.selector.matches(labels)) {
              ended.add(watched);
            }
          });
    }
    file(item, labels);
    List<Watched<T>> begun = new ArrayList<>();
    forEachCandidate(
        labels,
        watched -> {
          if (!watched.matches.contains(item) && watched.selector.matches(labels)) {
            begun.add(watched);
          }
        });
    ended.forEach(watched -> end(watched, item));
    begun.forEach(watched -> begin(watched, item));
  }

  /** Removes an item; all its matches end. */
  public void remove(T item) {
    LayeredLabels labels = items.remove(item);
    if (labels == null) {
      return;
    }
    unfile(item, labels);
    List<Watched<T>> ended = new ArrayList<>();
    forEachCandidate(labels, ended::add);
    ended.forEach(watched -> end(watched, item));
  }

  /** Starts to watch selectors; as many releases as acquisitions end it. */
  public void acquire(Collection<Selector> wanted) {
    List<Watched<T>> fresh = new ArrayList<>();
    for (Selector selector : wanted) {
      Watched<T> watched =
          selectors.computeIfAbsent(selector, s -> new Watched<>(s, narrowest(Anchor.of(s))));
      if (++watched.users == 1) {
        fresh.add(watched);
      }
    }
    fileFor(fresh);
    fresh.forEach(this::start);
  }

  private void start(Watched<T> watched) {
    for (Set<Watched<T>> bucket : buckets(watched)) {
      bucket.add(watched);
    }
    for (T item : candidates(watched.anchor)) {
      if (watched.selector.matches(Objects.requireNonNull(items.get(item)))) {
        begin(watched, item);
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
    for (T item : List.copyOf(watched.matches)) {
      end(watched, item);
    }
  }

  /** The items that a selector matches now; empty if it is not watched. */
  public Collection<T> matches(Selector selector) {
    Watched<T> watched = selectors.get(selector);
    return watched == null ? List.of() : List.copyOf(watched.matches);
  }

  public int selectorCount() {
    return selectors.size();
  }

  /** Visits all selectors that have a chance with these labels; some of them twice. */
  private void forEachCandidate(LayeredLabels labels, Consumer<Watched<T>> visitor) {
    unanchored.forEach(visitor);
    if (anchored.isEmpty()) {
      return;
    }
    labels.forEach((key, value) -> {
      Map<String, Set<Watched<T>>> byValue = anchored.get(key);
      if (byValue != null) {
        byValue.getOrDefault(value, Set.of()).forEach(visitor);
        // The empty value is filed with "any value": harmless, since a match is checked.
        byValue.getOrDefault("", Set.of()).forEach(visitor);
      }
    });
  }

  private void begin(Watched<T> watched, T item) {
    if (watched.matches.add(item)) {
      listener.matchChanged(watched.selector, item, true);
    }
  }

  private void end(Watched<T> watched, T item) {
    if (watched.matches.remove(item)) {
      listener.matchChanged(watched.selector, item, false);
    }
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
              .computeIfAbsent(value, v -> new LinkedHashSet<>(2)));
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

  /** How many items have it, at the most. */
  private int itemCount(Anchor anchor) {
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

  private Collection<T> candidates(@Nullable Anchor anchor) {
    if (anchor == null) {
      return items.keySet();
    }
    Map<String, Set<T>> byValue = filed.getOrDefault(anchor.key(), Map.of());
    if (anchor.values().size() == 1) {
      return byValue.getOrDefault(anchor.values().iterator().next(), Set.of());
    }
    List<T> candidates = new ArrayList<>();
    for (String value : anchor.values().isEmpty() ? byValue.keySet() : anchor.values()) {
      candidates.addAll(byValue.getOrDefault(value, Set.of()));
    }
    return candidates;
  }

  /** Files all items by the labels that selectors narrow by, from now on; in one go for all. */
  private void fileFor(List<Watched<T>> fresh) {
    Map<String, Map<String, Set<T>>> missing = new HashMap<>();
    for (Watched<T> watched : fresh) {
      String key = watched.anchor == null ? "" : watched.anchor.key();
      if (carriers.getInt(key) > 0 && !filed.containsKey(key)) {
        missing.put(key, new HashMap<>());
      }
    }
    if (!missing.isEmpty()) {
      items.forEach(
          (item, labels) -> labels.forEach((key, value) -> file(missing.get(key), value, item)));
      filed.putAll(missing);
    }
  }

  private void file(@Nullable Map<String, Set<T>> byValue, String value, T item) {
    if (byValue != null) {
      byValue.computeIfAbsent(value, v -> new ObjectOpenHashSet<>(2)).add(item);
    }
  }

  private void file(T item, LayeredLabels labels) {
    labels.forEach((key, value) -> {
      carriers.addTo(key, 1);
      file(filed.get(key), value, item);
    });
  }

  private void unfile(T item, LayeredLabels labels) {
    labels.forEach((key, value) -> {
      if (carriers.addTo(key, -1) == 1) {
        carriers.removeInt(key);
      }
      drop(filed, key, value, item);
    });
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
