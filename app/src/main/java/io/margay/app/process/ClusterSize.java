package io.margay.app.process;

import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Counts what the console's status names: nodes and pods. One thread tells the changes, any thread
 * may ask.
 */
final class ClusterSize {
  private static final Map<Kind, String> NAMES = Map.of(Kind.NODE, "nodes", Kind.POD, "pods");

  private final Map<Kind, Set<ResourceKey>> keys = new EnumMap<>(Kind.class);

  ClusterSize() {
    NAMES.keySet().forEach(kind -> keys.put(kind, ConcurrentHashMap.newKeySet()));
  }

  void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(var resource) -> count(resource.key(), Set::add);
      case ResourceChange.Removed(var key) -> count(key, Set::remove);
      case ResourceChange.InSync() -> {}
    }
  }

  private void count(ResourceKey key, BiConsumer<Set<ResourceKey>, ResourceKey> change) {
    Set<ResourceKey> counted = keys.get(key.kind());
    if (counted != null) {
      change.accept(counted, key);
    }
  }

  /** Adds the counts to {@code sizes}, by name. */
  void addTo(Map<String, Long> sizes) {
    keys.forEach((kind, counted) -> sizes.put(NAMES.getOrDefault(kind, ""), (long) counted.size()));
  }
}
