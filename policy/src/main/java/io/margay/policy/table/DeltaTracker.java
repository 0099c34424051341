package io.margay.policy.table;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A map that knows how it differs from what was last drained: the net difference, so that what
 * changed forth and back is no difference.
 *
 * @param <K> keys
 * @param <V> values, compared with {@code equals}
 */
public final class DeltaTracker<K, V> {
  private final Map<K, V> current = new HashMap<>();

  /** The drained value of every key that was touched since; empty where there was none. */
  private final Map<K, Optional<V>> touched = new HashMap<>();

  /**
   * A difference.
   *
   * @param set keys with new values
   * @param removed keys that are gone
   */
  public record Delta<K, V>(Map<K, V> set, Set<K> removed) {}

  public void put(K key, V value) {
    V old = current.put(key, value);
    touched.putIfAbsent(key, Optional.ofNullable(old));
  }

  public void remove(K key) {
    V old = current.remove(key);
    if (old != null) {
      touched.putIfAbsent(key, Optional.of(old));
    }
  }

  public @Nullable V get(K key) {
    return current.get(key);
  }

  public int size() {
    return current.size();
  }

  /** The net difference since the last call. */
  public Delta<K, V> drain() {
    Map<K, V> set = new HashMap<>();
    Set<K> removed = new HashSet<>();
    touched.forEach((key, drained) -> {
      V now = current.get(key);
      if (now == null) {
        if (drained.isPresent()) {
          removed.add(key);
        }
      } else if (drained.isEmpty() || !drained.get().equals(now)) {
        set.put(key, now);
      }
    });
    touched.clear();
    return new Delta<>(Collections.unmodifiableMap(set), Collections.unmodifiableSet(removed));
  }
}
