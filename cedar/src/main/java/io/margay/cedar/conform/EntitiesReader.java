package io.margay.cedar.conform;

import static io.margay.cedar.json.JsonFields.allowOnly;
import static io.margay.cedar.json.JsonFields.list;
import static io.margay.cedar.json.JsonFields.object;
import static io.margay.cedar.json.JsonFields.required;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Span;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.entity.EntityException;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.json.UidJson;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads entities in JSON that conform to a schema. Types are known, so escapes may be left out; the
 * schema's actions are added.
 */
public final class EntitiesReader {
  private static final Set<String> FIELDS = Set.of("uid", "attrs", "parents", "tags");

  private EntitiesReader() {}

  /**
   * Reads a store.
   *
   * @throws CedarParseException for what is no entity, for duplicates that differ and for cycles;
   *     otherwise with everything in which the entities do not conform
   */
  public static Entities read(SourceText source, Schema schema) {
    List<Entity> written = new ArrayList<>();
    Map<EntityUid, Span> places = new HashMap<>();
    for (JsonTree tree : list(JsonTrees.read(source))) {
      Entity entity = entity(object(tree), schema);
      written.add(entity);
      places.putIfAbsent(entity.uid(), tree.span());
    }
    checkConformance(store(written, source), places, schema);
    List<Entity> all = new ArrayList<>(actions(schema));
    written.stream().filter(entity -> !entity.uid().type().isAction()).forEach(all::add);
    return store(all, source);
  }

  private static Entities store(List<Entity> entities, SourceText source) {
    try {
      return Entities.of(entities);
    } catch (EntityException e) {
      throw new CedarParseException(
          CedarError.in(source.name(), "", String.valueOf(e.getMessage()), ""));
    }
  }

  private static void checkConformance(
      Entities written, Map<EntityUid, Span> places, Schema schema) {
    EntityConformance conformance = new EntityConformance(schema);
    List<CedarError> errors = new ArrayList<>();
    written.forEach(stored ->
        errors.addAll(conformance.check(stored, places.getOrDefault(stored.uid(), Span.NONE))));
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
  }

  /** The actions of a schema as entities, in their groups. */
  public static List<Entity> actions(Schema schema) {
    List<Entity> actions = new ArrayList<>();
    for (ActionInfo action : schema.actions()) {
      actions.add(
          new Entity(action.name(), RecordValue.EMPTY, action.ancestors(), RecordValue.EMPTY));
    }
    return actions;
  }

  private static Entity entity(JsonTree.Obj object, Schema schema) {
    allowOnly(object, FIELDS);
    EntityUid uid = UidJson.read(required(object, "uid"));
    EntityTypeInfo info = schema.entityType(uid.type());
    Type.Record shape = info == null ? Type.Record.EMPTY : info.shape();
    Type tagType = info == null ? null : info.tags().orElse(null);
    JsonTree tags = object.get("tags");
    return new Entity(
        uid,
        ValueReader.record(required(object, "attrs"), shape),
        EntityJson.parents(required(object, "parents"), uid),
        tags == null ? RecordValue.EMPTY : ValueReader.recordOf(tags, tagType));
  }
}
