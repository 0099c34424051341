package io.margay.cedar.schema;

import io.margay.cedar.value.EntityType;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a schema says about an entity type.
 *
 * @param ancestors types whose entities may be ancestors of entities of this one
 * @param descendants the reverse; has the type itself only where it may be its own ancestor
 * @param tags the type of every tag, if there may be tags
 * @param ids the only ids, if the type is an enumeration
 */
public record EntityTypeInfo(
    EntityType name,
    SortedSet<EntityType> ancestors,
    SortedSet<EntityType> descendants,
    Type.Record shape,
    Optional<Type> tags,
    Optional<Set<String>> ids,
    Map<String, String> annotations) {
  public EntityTypeInfo {
    ancestors = Collections.unmodifiableSortedSet(new TreeSet<>(ancestors));
    descendants = Collections.unmodifiableSortedSet(new TreeSet<>(descendants));
  }

  public SortedMap<String, Type.Attribute> attributes() {
    return shape.attributes();
  }

  /** True where the id exists as far as the schema can say. */
  public boolean mayHaveId(String id) {
    return ids.isEmpty() || ids.get().contains(id);
  }
}
