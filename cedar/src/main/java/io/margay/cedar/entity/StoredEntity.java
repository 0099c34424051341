package io.margay.cedar.entity;

import io.margay.cedar.value.EntityUid;

/**
 * An entity in a store.
 *
 * @param ancestors all that it is in, directly or through others, itself not among them
 */
public record StoredEntity(Entity entity, UidSet ancestors) {

  public EntityUid uid() {
    return entity.uid();
  }

  /** Cedar's {@code in} for this entity, which is in itself. */
  public boolean isIn(EntityUid other) {
    return ancestors.contains(other) || entity.uid().equals(other);
  }
}
