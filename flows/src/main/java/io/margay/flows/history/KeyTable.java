package io.margay.flows.history;

import io.margay.flows.FlowKey;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The keys that buckets or open connections have. Keys that nobody has any more are looked for a
 * few at a time: with each new key, so that the table is never much larger than what is in use, and
 * with each view, so that it shrinks when no keys come. Nothing waits for a walk over all of them.
 */
final class KeyTable {
  /** Looked at for each new key: with four, at most a quarter of the table is out of use. */
  private static final int LOOKED_AT = 4;

  private final ToLongFunction<FlowKey> numbers;
  private final Map<FlowKey, KeyEntry> byKey = new HashMap<>();
  private final List<@Nullable KeyEntry> byPlace = new ArrayList<>();
  private final IntArrayList freePlaces = new IntArrayList();
  private int lookNextAt;

  /**
   * @param numbers gives each key a number, always the same
   */
  KeyTable(ToLongFunction<FlowKey> numbers) {
    this.numbers = numbers;
  }

  @Nullable KeyEntry find(FlowKey key) {
    return byKey.get(key);
  }

  /**
   * Begins the entry of a key that has none.
   *
   * @param oldestBucket in epoch seconds: keys that were last seen before it may go
   */
  KeyEntry begin(FlowKey key, long oldestBucket) {
    forget(LOOKED_AT, oldestBucket);
    int place = freePlaces.isEmpty() ? byPlace.size() : freePlaces.popInt();
    KeyEntry entry = new KeyEntry(numbers.applyAsLong(key), place, key);
    if (place == byPlace.size()) {
      byPlace.add(entry);
    } else {
      byPlace.set(place, entry);
    }
    byKey.put(key, entry);
    return entry;
  }

  /** Looks at some keys, and forgets those that no bucket from one on and no connection has. */
  void forget(int lookAt, long oldestBucket) {
    for (int i = Math.min(lookAt, byPlace.size()); i > 0; i--) {
      lookNextAt = lookNextAt + 1 < byPlace.size() ? lookNextAt + 1 : 0;
      KeyEntry entry = byPlace.get(lookNextAt);
      if (entry != null && entry.isForgotten(oldestBucket)) {
        byKey.remove(entry.key);
        byPlace.set(lookNextAt, null);
        freePlaces.push(lookNextAt);
      }
    }
  }

  int size() {
    return byKey.size();
  }
}
