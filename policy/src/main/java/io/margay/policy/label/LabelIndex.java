package io.margay.policy.label;

import io.margay.model.selector.Selector;
import it.unimi.dsi.fastutil.objects.Object2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.ArrayList;
import java.util.Collection;
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
 * So an item costs its place in one map, and items are filed only by labels that selectors narrow
 * by. A match is noted once, with the selector.
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

  private final LabelFile<T> file = new LabelFile<>(items);

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
      file.remove(item, before);
      forEachCandidate(
          before,
          watched -> {
            if (watched.matches.contains(item) && !watched.selector.matches(labels)) {
              ended.add(watched);
            }
          });
    }
    file.add(item, labels);
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
    file.remove(item, labels);
    List<Watched<T>> ended = new ArrayList<>();
    forEachCandidate(labels, ended::add);
    ended.forEach(watched -> end(watched, item));
  }

  /** Starts to watch selectors; as many releases as acquisitions end it. */
  public void acquire(Collection<Selector> wanted) {
    List<Watched<T>> fresh = new ArrayList<>();
    for (Selector selector : wanted) {
      Watched<T> watched =
          selectors.computeIfAbsent(selector, s -> new Watched<>(s, file.narrowest(Anchor.of(s))));
      if (++watched.users == 1) {
        fresh.add(watched);
      }
    }
    file.prepare(fresh.stream().map(watched -> watched.anchor).filter(Objects::nonNull).toList());
    fresh.forEach(this::start);
  }

  private void start(Watched<T> watched) {
    for (Set<Watched<T>> bucket : buckets(watched)) {
      bucket.add(watched);
    }
    for (T item : watched.anchor == null ? items.keySet() : file.carriers(watched.anchor)) {
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
        LabelFile.drop(anchored, anchor.key(), value, watched);
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
}
