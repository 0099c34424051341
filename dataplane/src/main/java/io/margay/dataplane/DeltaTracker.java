package io.margay.dataplane;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What should be programmed, what is, and the difference.
 *
 * <pre>
 *        desired            actual
 *     ┌───────────┬──────┬───────────┐
 *     │  to set   │ same │ to remove │      a key with two values is to set
 *     └───────────┴──────┴───────────┘
 * </pre>
 *
 * <p>The keys that differ are kept as changes come in, so finding the difference costs as much as
 * the difference is large. Nothing leaves it until {@link #confirm} says that the kernel took it.
 *
 * @param <K> names a thing; must not change while it is in here
 * @param <V> the thing's content, compared with {@code equals}
 */
public final class DeltaTracker<K, V> {
  private final Map<K, V> desired = new HashMap<>();
  private final Map<K, V> actual = new HashMap<>();

  /**
   * Linked, so that to visit a few keys takes as long as they are few: a plain set that once held
   * all addresses of a cluster keeps their places, and visits each.
   */
  private final Set<K> dirty = new LinkedHashSet<>();

  /** From now on the key should have this value. */
  public void set(K key, V value) {
    desired.put(key, value);
    check(key);
  }

  /** From now on the key should not be there. */
  public void remove(K key) {
    desired.remove(key);
    check(key);
  }

  /** From now on exactly these should be there. */
  public void replace(Map<K, V> wanted) {
    desired.keySet().stream()
        .filter(key -> !wanted.containsKey(key))
        .toList()
        .forEach(this::remove);
    wanted.forEach((key, value) -> {
      if (!value.equals(desired.get(key))) {
        set(key, value);
      }
    });
  }

  /** What was read back. */
  public void replaceActual(Map<K, V> found) {
    actual.clear();
    actual.putAll(found);
    dirty.clear();
    desired.keySet().forEach(this::check);
    actual.keySet().forEach(this::check);
  }

  /** The key has this value now, whatever it should have. */
  public void found(K key, V value) {
    actual.put(key, value);
    check(key);
  }

  private void check(K key) {
    if (Objects.equals(desired.get(key), actual.get(key))) {
      dirty.remove(key);
    } else {
      dirty.add(key);
    }
  }

  public Map<K, V> desired() {
    return Collections.unmodifiableMap(desired);
  }

  public Map<K, V> actual() {
    return Collections.unmodifiableMap(actual);
  }

  public @Nullable V actual(K key) {
    return actual.get(key);
  }

  public boolean inSync() {
    return dirty.isEmpty();
  }

  /** Whether this key is as it should be. */
  public boolean inSync(K key) {
    return !dirty.contains(key);
  }

  /** How many keys differ. */
  public int pending() {
    return dirty.size();
  }

  /** The keys to add or change, with what they should be. */
  public void forEachToSet(BiConsumer<? super K, ? super V> action) {
    for (K key : dirty) {
      V value = desired.get(key);
      if (value != null) {
        action.accept(key, value);
      }
    }
  }

  /** The keys that should not be there but are. */
  public void forEachToRemove(Consumer<? super K> action) {
    for (K key : dirty) {
      if (!desired.containsKey(key)) {
        action.accept(key);
      }
    }
  }

  /** What the key should be has been programmed. */
  public void confirm(K key) {
    V value = desired.get(key);
    if (value == null) {
      actual.remove(key);
    } else {
      actual.put(key, value);
    }
    dirty.remove(key);
  }
}
