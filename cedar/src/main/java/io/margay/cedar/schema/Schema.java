package io.margay.cedar.schema;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which entities, actions and requests there can be: all names resolved, all hierarchies closed.
 * Immutable.
 */
public final class Schema {
  private final SchemaDocument document;
  private final SortedMap<EntityType, EntityTypeInfo> entityTypes;
  private final SortedMap<EntityUid, ActionInfo> actions;

  Schema(
      SchemaDocument document,
      SortedMap<EntityType, EntityTypeInfo> entityTypes,
      SortedMap<EntityUid, ActionInfo> actions) {
    this.document = document;
    this.entityTypes = Collections.unmodifiableSortedMap(new TreeMap<>(entityTypes));
    this.actions = Collections.unmodifiableSortedMap(new TreeMap<>(actions));
  }

  /**
   * A schema in the Cedar format.
   *
   * @throws CedarParseException with every error that was found
   */
  public static Schema parse(SourceText source) {
    return of(SchemaTextParser.parse(source));
  }

  /**
   * A schema in the JSON format.
   *
   * @throws CedarParseException with every error that was found
   */
  public static Schema parseJson(SourceText source) {
    return of(SchemaJsonReader.read(source));
  }

  /**
   * The schema that a document means.
   *
   * @throws CedarParseException with every name that cannot be resolved
   */
  public static Schema of(SchemaDocument document) {
    return new SchemaResolver(document).resolve();
  }

  /** What was read. */
  public SchemaDocument document() {
    return document;
  }

  public Collection<EntityTypeInfo> entityTypes() {
    return entityTypes.values();
  }

  public SortedSet<EntityType> entityTypeNames() {
    return Collections.unmodifiableSortedSet(new TreeSet<>(entityTypes.keySet()));
  }

  /** Null for types that are not declared, and for the types of actions. */
  public @Nullable EntityTypeInfo entityType(EntityType name) {
    return entityTypes.get(name);
  }

  public Collection<ActionInfo> actions() {
    return actions.values();
  }

  public @Nullable ActionInfo action(EntityUid name) {
    return actions.get(name);
  }

  /** Types whose entities can be {@code in} an entity of this type: itself and its descendants. */
  public SortedSet<EntityType> typesIn(EntityType type) {
    SortedSet<EntityType> types = new TreeSet<>();
    types.add(type);
    EntityTypeInfo info = entityTypes.get(type);
    if (info != null) {
      types.addAll(info.descendants());
    }
    return types;
  }

  /** The action and those in it; null where it, or one of them, is not declared. */
  public @Nullable SortedSet<EntityUid> actionsIn(Collection<EntityUid> groups) {
    SortedSet<EntityUid> found = new TreeSet<>();
    for (EntityUid group : groups) {
      ActionInfo info = actions.get(group);
      if (info == null) {
        return null;
      }
      found.add(group);
      found.addAll(info.descendants());
    }
    return found;
  }

  @Override
  public String toString() {
    return entityTypes.size() + " entity types, " + actions.size() + " actions";
  }
}
