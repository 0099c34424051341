package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore.ChangeType;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are not yet committed, over the state below: the committed objects, or the draft of
 * the whole batch that this transaction is part of.
 */
final class Draft implements Transaction {

  /** What a draft reads where it has not written itself. */
  interface Base {
    @Nullable KubeObject get(ResourceKey key);

    List<KubeObject> items(Kind kind, String namespace);
  }

  private final Base base;
  private final InstantSource clock;

  /** What this draft has written; empty for what it has deleted. */
  private final Map<ResourceKey, Optional<KubeObject>> written = new TreeMap<>();

  private final List<Change> changes = new ArrayList<>();
  private long version;

  Draft(Base base, long version, InstantSource clock) {
    this.base = base;
    this.version = version;
    this.clock = clock;
  }

  /** A draft on top of this one, to be {@link #keep kept} or forgotten. */
  Draft nested() {
    Base below =
        new Base() {
          @Override
          public @Nullable KubeObject get(ResourceKey key) {
            return current(key);
          }

          @Override
          public List<KubeObject> items(Kind kind, String namespace) {
            return list(kind, namespace);
          }
        };
    return new Draft(below, version, clock);
  }

  void keep(Draft nested) {
    written.putAll(nested.written);
    changes.addAll(nested.changes);
    version = nested.version;
  }

  List<Change> changes() {
    return changes;
  }

  long version() {
    return version;
  }

  @Override
  public Optional<KubeObject> get(ResourceKey key) {
    return Optional.ofNullable(current(key));
  }

  private @Nullable KubeObject current(ResourceKey key) {
    Optional<KubeObject> mine = written.get(key);
    return mine == null ? base.get(key) : mine.orElse(null);
  }

  @Override
  public List<KubeObject> list(Kind kind, String namespace) {
    List<KubeObject> below = base.items(kind, namespace);
    if (written.isEmpty()) {
      return below;
    }
    Map<ResourceKey, KubeObject> merged = new TreeMap<>();
    below.forEach(object -> merged.put(object.key(), object));
    written.forEach((key, object) -> {
      if (key.kind() == kind && (namespace.isEmpty() || key.namespace().equals(namespace))) {
        object.ifPresentOrElse(o -> merged.put(key, o), () -> merged.remove(key));
      }
    });
    return List.copyOf(merged.values());
  }

  @Override
  public KubeObject create(KubeObject object) {
    Stamp.requireKey(object);
    ResourceKey key = object.key();
    if (current(key) != null) {
      throw new StoreException(Reason.ALREADY_EXISTS, Stamp.describe(key) + " already exists");
    }
    KubeObject created = Stamp.created(object, ++version, clock.instant());
    return record(ChangeType.ADDED, created, null);
  }

  @Override
  public KubeObject update(KubeObject object) {
    Stamp.requireKey(object);
    KubeObject existing = require(object.key());
    requireVersion(existing, object.resourceVersion());
    Stamp.requireSameUid(existing, object);
    KubeObject updated = Stamp.updated(existing, object);
    if (updated.json().equals(existing.json())) {
      return existing;
    }
    return record(ChangeType.MODIFIED, Stamp.withVersion(updated, ++version), existing);
  }

  @Override
  public KubeObject delete(ResourceKey key, String resourceVersion) {
    KubeObject existing = require(key);
    requireVersion(existing, resourceVersion);
    KubeObject last = Stamp.withVersion(existing, ++version);
    written.put(key, Optional.empty());
    changes.add(new Change(ChangeType.DELETED, last, existing, version));
    return last;
  }

  private KubeObject record(ChangeType type, KubeObject object, @Nullable KubeObject previous) {
    written.put(object.key(), Optional.of(object));
    changes.add(new Change(type, object, previous, version));
    return object;
  }

  private KubeObject require(ResourceKey key) {
    KubeObject existing = current(key);
    if (existing == null) {
      throw new StoreException(Reason.NOT_FOUND, Stamp.describe(key) + " not found");
    }
    return existing;
  }

  private static void requireVersion(KubeObject existing, String expected) {
    if (!expected.isEmpty() && !expected.equals(existing.resourceVersion())) {
      throw new StoreException(
          Reason.CONFLICT,
          Stamp.describe(existing.key())
              + " has changed: it is at resource version "
              + existing.resourceVersion()
              + ", not "
              + expected
              + "; read it again and repeat the change");
    }
  }
}
