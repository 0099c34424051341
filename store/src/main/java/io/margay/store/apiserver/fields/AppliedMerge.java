package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.schema.Schema;
import io.margay.store.patch.PatchException;
import io.margay.store.patch.SchemaWalk;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts an applied configuration over an object, and takes fields out of it. */
final class AppliedMerge {
  private AppliedMerge() {}

  /**
   * The object with every field of the configuration as the configuration has it.
   *
   * @throws PatchException if the configuration has one item of a list twice
   */
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
        && schema instanceof Schema.ListSchema list
        && list.type() != Schema.ListType.ATOMIC) {
      ArrayNode liveItems = live instanceof ArrayNode items ? items : wantedItems.arrayNode();
      return list(list, liveItems, wantedItems);
    }
    return wanted.deepCopy();
  }

  private static JsonNode list(Schema.ListSchema list, ArrayNode live, ArrayNode wanted) {
    Map<String, JsonNode> items = new LinkedHashMap<>();
    live.forEach(item -> items.put(FlatObject.element(list, item), item));
    Set<String> seen = new HashSet<>();
    for (JsonNode item : wanted) {
      String element = FlatObject.element(list, item);
      if (!seen.add(element)) {
        throw new PatchException(
            "two items of a list are the same by " + element.substring(2) + "; leave one out");
      }
      items.merge(element, item.deepCopy(), (old, wish) -> value(list.items(), old, item));
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
      if (last && isKeyOfItem(path, depth, name)) {
        return; // The keys of an item go with the item, or it would be another one.
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

  private static boolean isKeyOfItem(FieldPath path, int depth, String name) {
    String parent = depth == 0 ? "" : path.elements().get(depth - 1);
    return parent.startsWith("k:") && parent.contains('"' + name + "\":");
  }

  private static boolean isKept(FieldPath path, int depth, FieldSet kept) {
    return kept.contains(new FieldPath(path.elements().subList(0, depth + 1)));
  }
}
