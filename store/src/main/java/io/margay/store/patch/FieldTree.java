package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.store.patch.ListTypes.ListType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * JSON seen as the tree that server-side apply works on: objects have fields, lists that the schema
 * calls a map or a set have items with an identity, and everything else is a leaf.
 */
final class FieldTree {
  private final ListTypes types;

  FieldTree(ListTypes types) {
    this.types = types;
  }

  /** All fields of an object: what its author has an opinion on. */
  FieldSet fields(ObjectNode object) {
    return fields(object, List.of(), false);
  }

  private FieldSet fields(JsonNode node, List<String> path, boolean item) {
    Map<String, JsonNode> children = children(node, path);
    if (children == null || children.isEmpty()) {
      return FieldSet.LEAF;
    }
    Map<String, FieldSet> sets = new TreeMap<>();
    children.forEach(
        (step, child) -> sets.put(step, fields(child, childPath(path, step), isItem(step))));
    return FieldSet.node(item, sets);
  }

  /** The fields that the second object has and the first has not, or has with another value. */
  FieldSet changed(@Nullable JsonNode before, JsonNode after) {
    return changed(before, after, List.of());
  }

  private FieldSet changed(@Nullable JsonNode before, JsonNode after, List<String> path) {
    Map<String, JsonNode> now = children(after, path);
    Map<String, JsonNode> then = before == null ? null : children(before, path);
    if (now == null || (before != null && then == null)) {
      return after.equals(before) ? FieldSet.EMPTY : FieldSet.LEAF;
    }
    Map<String, FieldSet> sets = new TreeMap<>();
    now.forEach((step, child) ->
        sets.put(
            step, changed(then == null ? null : then.get(step), child, childPath(path, step))));
    return FieldSet.node(before == null && !path.isEmpty(), sets);
  }

  /** The fields that the first object has and the second has not. */
  FieldSet removed(JsonNode before, JsonNode after) {
    return removed(before, after, List.of());
  }

  private FieldSet removed(JsonNode before, @Nullable JsonNode after, List<String> path) {
    if (after == null) {
      return FieldSet.LEAF;
    }
    Map<String, JsonNode> then = children(before, path);
    Map<String, JsonNode> now = children(after, path);
    if (then == null || now == null) {
      return FieldSet.EMPTY;
    }
    Map<String, FieldSet> sets = new TreeMap<>();
    then.forEach(
        (step, child) -> sets.put(step, removed(child, now.get(step), childPath(path, step))));
    return FieldSet.node(false, sets);
  }

  /** The first object with every field of the second laid over it. */
  ObjectNode merge(ObjectNode current, ObjectNode applied) {
    return (ObjectNode) merge(current, applied, List.of());
  }

  private JsonNode merge(@Nullable JsonNode current, JsonNode applied, List<String> path) {
    Map<String, JsonNode> over = children(applied, path);
    Map<String, JsonNode> under = current == null ? null : children(current, path);
    if (over == null || under == null) {
      return applied.deepCopy();
    }
    Map<String, JsonNode> merged = new LinkedHashMap<>(under);
    over.forEach(
        (step, child) -> merged.put(step, merge(under.get(step), child, childPath(path, step))));
    return assemble(applied, merged);
  }

  /**
   * The object without the given fields. Objects and lists that this empties go too, and so does a
   * list item whose identity is removed.
   */
  ObjectNode remove(ObjectNode object, FieldSet fields) {
    JsonNode left = remove(object, fields, List.of());
    return left == null ? JsonNodeFactory.instance.objectNode() : (ObjectNode) left;
  }

  private @Nullable JsonNode remove(JsonNode node, FieldSet fields, List<String> path) {
    Map<String, JsonNode> children = children(node, path);
    if (children == null || fields.children().isEmpty()) {
      return fields.member() ? null : node;
    }
    Map<String, JsonNode> kept = new LinkedHashMap<>();
    children.forEach((step, child) -> {
      FieldSet gone = fields.child(step);
      JsonNode left =
          gone.isEmpty()
              ? child
              : gone.member() && isItem(step)
                  ? null
                  : remove(child, gone.keeping(keySteps(path, step)), childPath(path, step));
      if (left != null) {
        kept.put(step, left);
      }
    });
    return kept.isEmpty() && !children.isEmpty() ? null : assemble(node, kept);
  }

  /** The parts of a node with their fieldsV1 steps, or null for a leaf. */
  private @Nullable Map<String, JsonNode> children(JsonNode node, List<String> path) {
    Map<String, JsonNode> children = new LinkedHashMap<>();
    if (node instanceof ObjectNode object) {
      if (!path.isEmpty() && types.atomicObject(path)) {
        return null;
      }
      object.properties().forEach(field -> children.put("f:" + field.getKey(), field.getValue()));
      return children;
    }
    if (!(node instanceof ArrayNode list)) {
      return null;
    }
    return switch (types.listType(path)) {
      case ListType.Atomic() -> null;
      case ListType.SetOf() -> {
        list.forEach(item -> children.put("v:" + item, item));
        yield children;
      }
      case ListType.MapBy map -> {
        for (JsonNode item : list) {
          if (children.put("k:" + identity(item, map), item) != null) {
            throw new PatchException(
                "two items of " + String.join(".", path) + " are " + identity(item, map));
          }
        }
        yield children;
      }
    };
  }

  /** The fields that give a list item its identity: it keeps them as long as it is there. */
  private Set<String> keySteps(List<String> path, String step) {
    return isItem(step) && types.listType(path) instanceof ListType.MapBy map
        ? map.keys().stream().map(key -> "f:" + key).collect(Collectors.toSet())
        : Set.of();
  }

  private static String identity(JsonNode item, ListType.MapBy map) {
    ObjectNode identity = JsonNodeFactory.instance.objectNode();
    for (String key : map.keys().stream().sorted().toList()) {
      JsonNode value = item.get(key);
      if (value == null) {
        value = map.defaults().get(key);
      }
      if (value != null) {
        identity.set(key, value);
      }
    }
    return identity.toString();
  }

  private static JsonNode assemble(JsonNode like, Map<String, JsonNode> children) {
    if (like instanceof ObjectNode) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      children.forEach((step, child) -> object.set(step.substring(2), child));
      return object;
    }
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    children.values().forEach(list::add);
    return list;
  }

  private static boolean isItem(String step) {
    return !step.startsWith("f:");
  }

  /** Items have the path of their list. */
  private static List<String> childPath(List<String> path, String step) {
    if (isItem(step)) {
      return path;
    }
    List<String> child = new ArrayList<>(path);
    child.add(step.substring(2));
    return child;
  }
}
