package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.Entity;
import io.margay.cedar.entity.EntityException;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Entities in JSON, read without a schema: a list of objects with {@code uid}, {@code attrs},
 * {@code parents} and maybe {@code tags}.
 */
public final class EntityJson {
  private static final Set<String> FIELDS = Set.of("uid", "attrs", "parents", "tags");

  private EntityJson() {}

  /**
   * Reads a store.
   *
   * @throws CedarParseException when an entity cannot be read, is there twice with different
   *     contents, or is its own ancestor
   */
  public static Entities readAll(SourceText source) {
    JsonTree list = JsonTrees.read(source);
    List<Entity> entities = JsonFields.list(list).stream().map(EntityJson::read).toList();
    try {
      return Entities.of(entities);
    } catch (EntityException e) {
      throw new CedarParseException(
          CedarError.in(source.name(), "", String.valueOf(e.getMessage()), ""));
    }
  }

  /** Reads one entity. */
  public static Entity read(JsonTree tree) {
    Obj object = JsonFields.object(tree);
    JsonFields.allowOnly(object, FIELDS);
    EntityUid uid = UidJson.read(JsonFields.required(object, "uid"));
    RecordValue attributes = ValueJson.readRecord(JsonFields.required(object, "attrs"));
    Set<EntityUid> parents = parents(JsonFields.required(object, "parents"), uid);
    JsonTree tags = object.get("tags");
    return new Entity(
        uid, attributes, parents, tags == null ? RecordValue.EMPTY : ValueJson.readRecord(tags));
  }

  /**
   * The uids of a list of parents.
   *
   * @param uid whose they are: those of an action are actions
   */
  public static Set<EntityUid> parents(JsonTree tree, EntityUid uid) {
    Set<EntityUid> parents = new LinkedHashSet<>();
    for (JsonTree element : JsonFields.list(tree)) {
      EntityUid parent = UidJson.read(element);
      if (uid.type().isAction() && !parent.type().isAction()) {
        throw new CedarParseException(
            element.span(), "no action, but the parent of one", "name an action group");
      }
      parents.add(parent);
    }
    return parents;
  }

  /** A store as JSON that reads back as the same, ordered by uid. */
  public static ArrayNode writeAll(Entities entities) {
    List<Entity> all = new ArrayList<>(entities.size());
    entities.forEach(stored -> all.add(stored.entity()));
    all.sort(Comparator.comparing(Entity::uid));
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    all.forEach(entity -> list.add(write(entity)));
    return list;
  }

  /** One entity as JSON. */
  public static ObjectNode write(Entity entity) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("uid", UidJson.write(entity.uid()));
    node.set("attrs", ValueJson.writeRecord(entity.attributes()));
    ArrayNode parents = node.putArray("parents");
    entity.parents().forEach(parent -> parents.add(UidJson.write(parent)));
    if (!entity.tags().attributes().isEmpty()) {
      node.set("tags", ValueJson.writeRecord(entity.tags()));
    }
    return node;
  }
}
