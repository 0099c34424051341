package io.margay.cedar.eval;

import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import org.jspecify.annotations.Nullable;

/** The principal, the action or the resource: an entity that is looked up once a decision. */
interface EntityNode extends Node {
  EntityUid uid(Frame frame);

  /** Null when the entity does not exist. */
  @Nullable StoredEntity stored(Frame frame);

  @Override
  default Value value(Frame frame) {
    return uid(frame);
  }
}
