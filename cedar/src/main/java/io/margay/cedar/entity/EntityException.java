package io.margay.cedar.entity;

import io.margay.cedar.value.EntityUid;

/** Entities that cannot be together: one uid with two meanings, or a circle of parents. */
public final class EntityException extends RuntimeException {

  public EntityException(String message) {
    super(message);
  }

  static EntityException duplicate(EntityUid uid) {
    return new EntityException(
        "entity " + uid + ": given twice with different contents; keep one of them");
  }

  static EntityException cycle(EntityUid uid) {
    return new EntityException(
        "entity " + uid + ": its own ancestor; remove a parent from the circle");
  }
}
