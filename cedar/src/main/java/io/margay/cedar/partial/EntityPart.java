package io.margay.cedar.partial;

import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;

/** What is known of the principal, the action or the resource. */
public sealed interface EntityPart {

  record Known(EntityUid uid) implements EntityPart {}

  /** Only the type. */
  record OfType(EntityType type) implements EntityPart {}

  record Unknown() implements EntityPart {
    public static final Unknown UNKNOWN = new Unknown();
  }

  static EntityPart known(EntityUid uid) {
    return new Known(uid);
  }
}
