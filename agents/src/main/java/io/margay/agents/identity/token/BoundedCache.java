package io.margay.agents.identity.token;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers what was used last. Of many threads at a time; the lock is held for a look-up only. */
public final class BoundedCache<K, V> {
  private final Map<K, V> entries;

  public BoundedCache(int capacity) {
    entries =
        new LinkedHashMap<>(64, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > capacity;
          }
        };
  }

  public synchronized @Nullable V get(K key) {
    return entries.get(key);
  }

  public synchronized void put(K key, V value) {
    entries.put(key, value);
  }

  public synchronized void clear() {
    entries.clear();
  }
}
