package io.margay.cedar.entity;

import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * An entity as its owner describes it.
 *
 * @param parents what it is directly in; they need not exist
 * @param tags like attributes, but apart from them
 */
public record Entity(
    EntityUid uid, RecordValue attributes, Set<EntityUid> parents, RecordValue tags) {

  public Entity {
    parents = Collections.unmodifiableSet(new LinkedHashSet<>(parents));
  }

  public static Entity of(EntityUid uid, RecordValue attributes, EntityUid... parents) {
    return new Entity(uid, attributes, Set.of(parents), RecordValue.EMPTY);
  }
}
