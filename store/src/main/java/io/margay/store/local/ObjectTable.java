package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The objects of all kinds by key. Not thread-safe: its owner locks. */
final class ObjectTable {
  private final NavigableMap<ResourceKey, KubeObject> objects = new TreeMap<>();

  @Nullable KubeObject get(ResourceKey key) {
    return objects.get(key);
  }

  void put(KubeObject object) {
    objects.put(object.key(), object);
  }

  void remove(ResourceKey key) {
    objects.remove(key);
  }

  /** Sorted by namespace and name; an empty namespace means all. */
  List<KubeObject> list(Kind kind, String namespace) {
    List<KubeObject> found = new ArrayList<>();
    for (var entry : objects.tailMap(new ResourceKey(kind, namespace, "")).entrySet()) {
      ResourceKey key = entry.getKey();
      if (key.kind() != kind || (!namespace.isEmpty() && !key.namespace().equals(namespace))) {
        break;
      }
      found.add(entry.getValue());
    }
    return found;
  }
}
