package io.margay.cedar.persistent;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in pieces, so that a change copies one piece and the list of pieces, which
 * together grow with the square root of the size.
 */
public final class ShardedMap<K, V> {
  private static final int LARGEST_COUNT = 1024;

  private final Map<K, V>[] shards;
  private final int size;

  private ShardedMap(Map<K, V>[] shards, int size) {
    this.shards = shards;
    this.size = size;
  }

  public static <K, V> ShardedMap<K, V> of(Map<K, V> contents) {
    Map<K, V>[] shards = emptyShards(shardsFor(contents.size()));
    contents.forEach((key, value) -> {
      int index = index(key, shards.length);
      if (shards[index].isEmpty()) {
        shards[index] = new HashMap<>();
      }
      shards[index].put(key, value);
    });
    return new ShardedMap<>(shards, contents.size());
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // there is no other way to make the array
  private static <K, V> Map<K, V>[] emptyShards(int count) {
    Map<K, V>[] shards = new Map[count];
    Arrays.fill(shards, Map.of());
    return shards;
  }

  /** A power of two near the square root. */
  private static int shardsFor(int size) {
    int root = (int) Math.sqrt(size);
    return Math.min(LARGEST_COUNT, Math.max(1, Integer.highestOneBit(root)));
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public @Nullable V get(K key) {
    return shards[index(key, shards.length)].get(key);
  }

  /** This map with another value for a key; null takes the key out. */
  public ShardedMap<K, V> with(K key, @Nullable V value) {
    Map<K, @Nullable V> change = new HashMap<>();
    change.put(key, value);
    return with(change);
  }

  /** This map with other values for some keys; null takes a key out. */
  public ShardedMap<K, V> with(Map<K, @Nullable V> changes) {
    Map<K, V>[] copy = shards.clone();
    boolean[] fresh = new boolean[copy.length];
    int newSize = size;
    for (Map.Entry<K, @Nullable V> change : changes.entrySet()) {
      int index = index(change.getKey(), copy.length);
      if (!fresh[index]) {
        copy[index] = new HashMap<>(copy[index]);
        fresh[index] = true;
      }
      V value = change.getValue();
      V before =
          value == null
              ? copy[index].remove(change.getKey())
              : copy[index].put(change.getKey(), value);
      newSize += (value == null ? 0 : 1) - (before == null ? 0 : 1);
    }
    ShardedMap<K, V> changed = new ShardedMap<>(copy, newSize);
    // Too few pieces for what has come in: cut anew.
    return shardsFor(newSize) > 4 * copy.length ? of(changed.toMap()) : changed;
  }

  public void forEach(BiConsumer<K, V> action) {
    for (Map<K, V> shard : shards) {
      shard.forEach(action);
    }
  }

  private Map<K, V> toMap() {
    Map<K, V> all = HashMap.newHashMap(size);
    forEach(all::put);
    return all;
  }

  private static int index(Object key, int count) {
    int hash = key.hashCode();
    // The low bits choose the place in the piece's own table: take others here.
    return (hash ^ hash >>> 15) >>> 7 & count - 1;
  }
}
