package io.margay.cedar.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The scope of a policy in JSON: objects with {@code op} and what belongs to it. */
final class ScopeJson {
  private ScopeJson() {}

  /**
   * Reads what is asked of the principal or of the resource.
   *
   * @param slot the one that may stand here
   */
  static ScopeConstraint read(JsonTree tree, Slot slot) {
    Obj object = JsonFields.object(tree);
    JsonTree operator = JsonFields.required(object, "op");
    return switch (ValueJson.string(operator)) {
      case "All", "all" -> {
        JsonFields.allowOnly(object, Set.of("op"));
        yield ScopeConstraint.Any.ANY;
      }
      case "==" -> {
        JsonFields.allowOnly(object, Set.of("op", "entity", "slot"));
        yield new ScopeConstraint.Equal(reference(object, slot));
      }
      case "in" -> {
        JsonFields.allowOnly(object, Set.of("op", "entity", "slot"));
        yield new ScopeConstraint.In(reference(object, slot));
      }
      case "is" -> is(object, slot);
      default ->
          throw new CedarParseException(
              operator.span(), "not an operator of the scope", "write All, ==, in or is");
    };
  }

  private static ScopeConstraint is(Obj object, Slot slot) {
    JsonFields.allowOnly(object, Set.of("op", "entity_type", "in"));
    JsonTree name = JsonFields.required(object, "entity_type");
    EntityType type = UidJson.type(ValueJson.string(name), name.span());
    JsonTree in = object.get("in");
    if (in == null) {
      return new ScopeConstraint.Is(type, object.span());
    }
    Obj ancestor = JsonFields.object(in);
    JsonFields.allowOnly(ancestor, Set.of("entity", "slot"));
    return new ScopeConstraint.IsIn(type, reference(ancestor, slot), object.span());
  }

  private static EntityRef reference(Obj object, Slot allowed) {
    JsonTree slot = object.get("slot");
    JsonTree entity = object.get("entity");
    if ((slot == null) == (entity == null)) {
      throw new CedarParseException(
          object.span(), "entity or slot is needed, and not both", "write one of them");
    }
    if (entity != null) {
      return new EntityRef.Named(UidJson.read(entity), entity.span());
    }
    JsonTree written = JsonFields.required(object, "slot");
    if (!ValueJson.string(written).equals(allowed.text())) {
      throw new CedarParseException(
          written.span(), "not a slot that may stand here", "write " + allowed.text());
    }
    return new EntityRef.Open(allowed, written.span());
  }

  static ActionConstraint readAction(JsonTree tree) {
    Obj object = JsonFields.object(tree);
    JsonTree operator = JsonFields.required(object, "op");
    return switch (ValueJson.string(operator)) {
      case "All", "all" -> {
        JsonFields.allowOnly(object, Set.of("op"));
        yield ActionConstraint.Any.ANY;
      }
      case "==" -> {
        JsonFields.allowOnly(object, Set.of("op", "entity"));
        EntityUid uid = action(JsonFields.required(object, "entity"));
        yield new ActionConstraint.Equal(uid, tree.span());
      }
      case "in" -> {
        if (object.get("entities") == null) {
          JsonFields.allowOnly(object, Set.of("op", "entity"));
          EntityUid uid = action(JsonFields.required(object, "entity"));
          yield new ActionConstraint.In(uid, tree.span());
        }
        JsonFields.allowOnly(object, Set.of("op", "entities"));
        List<EntityUid> actions = new ArrayList<>();
        for (JsonTree one : JsonFields.list(JsonFields.required(object, "entities"))) {
          actions.add(action(one));
        }
        yield new ActionConstraint.InAny(actions, tree.span());
      }
      default ->
          throw new CedarParseException(
              operator.span(), "not an operator for actions", "write All, == or in");
    };
  }

  private static EntityUid action(JsonTree tree) {
    EntityUid uid = UidJson.read(tree);
    if (!uid.type().isAction()) {
      throw new CedarParseException(
          tree.span(), uid + " is no action", "an action's type is Action");
    }
    return uid;
  }

  static ObjectNode write(ScopeConstraint constraint) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (constraint) {
      case ScopeConstraint.Any _ -> node.put("op", "All");
      case ScopeConstraint.Equal(EntityRef entity) -> put(node.put("op", "=="), entity);
      case ScopeConstraint.In(EntityRef entity) -> put(node.put("op", "in"), entity);
      case ScopeConstraint.Is(EntityType type, _) ->
          node.put("op", "is").put("entity_type", type.name());
      case ScopeConstraint.IsIn(EntityType type, EntityRef entity, _) -> {
        node.put("op", "is").put("entity_type", type.name());
        put(node.putObject("in"), entity);
      }
    }
    return node;
  }

  private static void put(ObjectNode node, EntityRef reference) {
    switch (reference) {
      case EntityRef.Named(EntityUid uid, _) -> node.set("entity", UidJson.write(uid));
      case EntityRef.Open(Slot slot, _) -> node.put("slot", slot.text());
    }
  }

  static ObjectNode write(ActionConstraint constraint) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (constraint) {
      case ActionConstraint.Any _ -> node.put("op", "All");
      case ActionConstraint.Equal(EntityUid action, _) ->
          node.put("op", "==").set("entity", UidJson.write(action));
      case ActionConstraint.In(EntityUid action, _) ->
          node.put("op", "in").set("entity", UidJson.write(action));
      case ActionConstraint.InAny(List<EntityUid> actions, _) -> {
        ArrayNode entities = node.put("op", "in").putArray("entities");
        actions.forEach(action -> entities.add(UidJson.write(action)));
      }
    }
    return node;
  }
}
