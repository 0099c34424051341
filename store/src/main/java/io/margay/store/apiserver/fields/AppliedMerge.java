package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.schema.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts an applied configuration over an object, and takes fields out of it. */
final class AppliedMerge {
  private AppliedMerge() {}

  /** The object with every field of the configuration as the configuration has it. */
  static ObjectNode merge(Schema schema, ObjectNode live, ObjectNode configuration) {
    ObjectNode merged = live.deepCopy();
    for (Map.Entry<String, JsonNode> field : configuration.properties()) {
      if (!field.getValue().isNull()) {
        merged.set(
            field.getKey(),
            value(
                SchemaWalk.field(schema, field.getKey()),
                live.get(field.getKey()),
                field.getValue()));
      }
    }
    return merged;
  }

  private static JsonNode value(Schema schema, @Nullable JsonNode live, JsonNode wanted) {
    if (wanted instanceof ObjectNode wantedObject) {
      ObjectNode base =
          live instanceof ObjectNode liveObject ? liveObject : wantedObject.objectNode();
      return merge(schema, base, wantedObject);
    }
    if (wanted instanceof ArrayNode wantedItems
        && live instanceof ArrayNode liveItems
        && schema instanceof Schema.ListSchema list
        && list.type() != Schema.ListType.ATOMIC) {
      return list(list, liveItems, wantedItems);
    }
    return wanted.deepCopy();
  }

  private static JsonNode list(Schema.ListSchema list, ArrayNode live, ArrayNode wanted) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    live.forEach(item -> items.put(FlatObject.element(list, item), item));
    for (JsonNode item : wanted) {
      items.merge(
          FlatObject.element(list, item),
          item.deepCopy(),
          (old, wish) -> value(list.items(), old, item));
    }
    ArrayNode merged = wanted.arrayNode();
    items.values().forEach(merged::add);
    return merged;
  }

  /**
   * Takes fields out of an object, and what they leave empty.
   *
   * @param kept what somebody still wants; an item of a list stays while anything in it is
   */
  static void remove(Schema schema, ObjectNode object, FieldSet fields, FieldSet kept) {
    // Children before what they are in.
    for (FieldPath path : fields.paths().reversed()) {
      if (!kept.touches(path)) {
        remove(schema, object, path, 0, kept);
      }
    }
  }

  private static void remove(
      Schema schema, JsonNode node, FieldPath path, int depth, FieldSet kept) {
    String element = path.elements().get(depth);
    boolean last = depth == path.elements().size() - 1;
    if (node instanceof ObjectNode object && element.startsWith("f:")) {
      String name = element.substring(2);
      JsonNode child = object.get(name);
      if (child == null) {
        return;
      }
      if (!last) {
        remove(SchemaWalk.field(schema, name), child, path, depth + 1, kept);
      }
      boolean emptied = !last && child.isContainerNode() && child.isEmpty();
      if (last || (emptied && !isKept(path, depth, kept))) {
        object.remove(name);
      }
    } else if (node instanceof ArrayNode array && schema instanceof Schema.ListSchema list) {
      for (int i = array.size() - 1; i >= 0; i--) {
        if (FlatObject.element(list, array.get(i)).equals(element)) {
          if (last) {
            array.remove(i);
          } else {
            remove(list.items(), array.get(i), path, depth + 1, kept);
          }
        }
      }
    }
  }

  private static boolean isKept(FieldPath path, int depth, FieldSet kept) {
    return kept.contains(new FieldPath(path.elements().subList(0, depth + 1)));
  }
}
