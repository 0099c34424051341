package io.margay.cedar.entity;

import io.margay.cedar.persistent.ShardedMap;
import io.margay.cedar.value.EntityUid;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entities that decisions look at, with their hierarchy closed. Immutable; a change of one
 * entity gives a new store that shares nearly everything with this one.
 */
public final class Entities {
  public static final Entities EMPTY = new Entities(ShardedMap.of(Map.of()));

  private final ShardedMap<EntityUid, StoredEntity> stored;

  private Entities(ShardedMap<EntityUid, StoredEntity> stored) {
    this.stored = stored;
  }

  /**
   * A store of these entities. The same entity may be given twice.
   *
   * @throws EntityException when a uid is given twice with different contents, or an entity is its
   *     own ancestor
   */
  public static Entities of(Collection<Entity> entities) {
    Map<EntityUid, Entity> byUid = new LinkedHashMap<>();
    for (Entity entity : entities) {
      Entity before = byUid.putIfAbsent(entity.uid(), entity);
      if (before != null && !before.equals(entity)) {
        throw EntityException.duplicate(entity.uid());
      }
    }
    Ancestors ancestors = new Ancestors(byUid::get, _ -> null);
    Map<EntityUid, StoredEntity> stored = new HashMap<>();
    byUid.forEach((uid, entity) -> stored.put(uid, new StoredEntity(entity, ancestors.of(entity))));
    return new Entities(ShardedMap.of(stored));
  }

  public int size() {
    return stored.size();
  }

  public @Nullable StoredEntity find(EntityUid uid) {
    return stored.get(uid);
  }

  public void forEach(Consumer<StoredEntity> action) {
    stored.forEach((_, entity) -> action.accept(entity));
  }

  /**
   * This store with an entity put in, or put in the place of the one with its uid.
   *
   * @throws EntityException when it would be its own ancestor
   */
  public Entities with(Entity entity) {
    StoredEntity before = stored.get(entity.uid());
    if (before != null && before.entity().parents().equals(entity.parents())) {
      Map<EntityUid, @Nullable StoredEntity> change = new HashMap<>();
      change.put(entity.uid(), new StoredEntity(entity, before.ancestors()));
      return new Entities(stored.with(change));
    }
    return changed(entity.uid(), entity);
  }

  /** This store without an entity; those below it keep it as an ancestor, as a uid only. */
  public Entities without(EntityUid uid) {
    return stored.get(uid) == null ? this : changed(uid, null);
  }

  /** The hierarchy is closed again for the entity and for all that is below it. */
  private Entities changed(EntityUid uid, @Nullable Entity entity) {
    Map<EntityUid, Entity> affected = new HashMap<>();
    stored.forEach((other, candidate) -> {
      if (candidate.ancestors().contains(uid)) {
        affected.put(other, candidate.entity());
      }
    });
    if (entity != null) {
      affected.put(uid, entity);
    }
    Ancestors ancestors = new Ancestors(affected::get, other -> unaffected(other, uid, affected));
    Map<EntityUid, @Nullable StoredEntity> changes = new HashMap<>();
    changes.put(uid, null);
    affected.forEach((other, one) -> changes.put(other, new StoredEntity(one, ancestors.of(one))));
    return new Entities(stored.with(changes));
  }

  /** The ancestors of an entity that a change leaves as it is; null of others. */
  private @Nullable UidSet unaffected(
      EntityUid uid, EntityUid changed, Map<EntityUid, Entity> affected) {
    StoredEntity kept = uid.equals(changed) || affected.containsKey(uid) ? null : stored.get(uid);
    return kept == null ? null : kept.ancestors();
  }

  @Override
  public String toString() {
    return size() + " entities";
  }
}
