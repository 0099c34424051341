package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.schema.Schema;
import io.margay.model.schema.Schema.ListSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Kubernetes' own patch: a merge patch that also merges lists, item by item, by the merge keys of
 * the schema. Directives inside the patch ({@code $patch}, {@code $deleteFromPrimitiveList}, {@code
 * $setElementOrder}, {@code $retainKeys}) say what plain merging cannot.
 */
public final class StrategicMergePatch {
  private static final String PATCH = "$patch";
  private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";
  private static final String RETAIN = "$retainKeys";

  private StrategicMergePatch() {}

  /**
   * The patched object; neither argument changes.
   *
   * @throws PatchException if a directive is unknown or a list item lacks its merge key
   */
  public static ObjectNode apply(Schema schema, ObjectNode target, ObjectNode patch) {
    switch (directive(patch)) {
      case "replace" -> {
        return withoutDirectives(patch);
      }
      case "delete" -> {
        return target.objectNode();
      }
      case "", "merge" -> {
        // As the rest of this method does.
      }
      default ->
          throw new PatchException(
              "$patch: \"" + directive(patch) + "\" is unknown; write replace, delete or merge");
    }
    ObjectNode result = target.deepCopy();
    retainKeys(result, patch);
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith(DELETE_ITEMS)) {
        deleteItems(result, name.substring(DELETE_ITEMS.length()), value);
      } else if (!name.startsWith("$")) {
        merge(SchemaWalk.field(schema, name), result, name, value);
      }
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getKey().startsWith(ORDER)) {
        String name = field.getKey().substring(ORDER.length());
        order(SchemaWalk.field(schema, name), result, name, field.getValue());
      }
    }
    return result;
  }

  private static void merge(Schema schema, ObjectNode result, String name, JsonNode value) {
    JsonNode old = result.get(name);
    if (value.isNull()) {
      result.remove(name);
    } else if (value instanceof ObjectNode wanted) {
      if (directive(wanted).equals("delete")) {
        result.remove(name);
      } else {
        result.set(
            name,
            apply(schema, old instanceof ObjectNode object ? object : result.objectNode(), wanted));
      }
    } else if (value instanceof ArrayNode wanted
        && schema instanceof ListSchema list
        && list.strategicMerge()) {
      ArrayNode base = old instanceof ArrayNode array ? array : result.arrayNode();
      result.set(
          name,
          list.mergeKey().isEmpty() ? union(base, wanted) : mergeItems(name, list, base, wanted));
    } else {
      result.set(name, value.deepCopy());
    }
  }

  private static ArrayNode union(ArrayNode base, ArrayNode added) {
    ArrayNode result = base.deepCopy();
    Set<JsonNode> present = new HashSet<>();
    base.forEach(present::add);
    for (JsonNode item : added) {
      if (present.add(item)) {
        result.add(item);
      }
    }
    return result;
  }

  private static ArrayNode mergeItems(
      String field, ListSchema list, ArrayNode base, ArrayNode patch) {
    boolean replace = false;
    for (JsonNode item : patch) {
      replace |= item.isObject() && item.size() == 1 && directive(item).equals("replace");
    }
    Map<JsonNode, JsonNode> items = new LinkedHashMap<>();
    List<JsonNode> withoutKey = new ArrayList<>();
    if (!replace) {
      for (JsonNode item : base) {
        if (item.has(list.mergeKey())) {
          items.put(item.get(list.mergeKey()), item);
        } else {
          withoutKey.add(item);
        }
      }
    }
    for (JsonNode item : patch) {
      if (replace && directive(item).equals("replace")) {
        continue;
      }
      JsonNode key = item.get(list.mergeKey());
      if (!(item instanceof ObjectNode wanted) || key == null) {
        throw new PatchException(
            "an item of " + field + " lacks its merge key \"" + list.mergeKey() + "\"");
      }
      if (directive(wanted).equals("delete")) {
        items.remove(key);
      } else {
        ObjectNode old = items.get(key) instanceof ObjectNode object ? object : wanted.objectNode();
        items.put(key, apply(list.items(), old, wanted));
      }
    }
    ArrayNode result = base.arrayNode();
    items.values().forEach(result::add);
    withoutKey.forEach(result::add);
    return result;
  }

  private static void deleteItems(ObjectNode result, String name, JsonNode doomed) {
    if (result.get(name) instanceof ArrayNode items) {
      Set<JsonNode> gone = new HashSet<>();
      doomed.forEach(gone::add);
      ArrayNode kept = items.arrayNode();
      for (JsonNode item : items) {
        if (!gone.contains(item)) {
          kept.add(item);
        }
      }
      result.set(name, kept);
    }
  }

  /** Puts the items in the order of the directive; those that it does not name stay behind. */
  private static void order(Schema schema, ObjectNode result, String name, JsonNode directive) {
    if (!(result.get(name) instanceof ArrayNode items)) {
      return;
    }
    String key = schema instanceof ListSchema list ? list.mergeKey() : "";
    List<JsonNode> rest = new ArrayList<>();
    items.forEach(rest::add);
    ArrayNode ordered = items.arrayNode();
    for (JsonNode wanted : directive) {
      JsonNode wantedKey = key.isEmpty() ? wanted : wanted.path(key);
      rest.removeIf(item -> {
        boolean match = wantedKey.equals(key.isEmpty() ? item : item.path(key));
        if (match) {
          ordered.add(item);
        }
        return match;
      });
    }
    rest.forEach(ordered::add);
    result.set(name, ordered);
  }

  private static void retainKeys(ObjectNode result, ObjectNode patch) {
    if (patch.get(RETAIN) instanceof ArrayNode names) {
      Set<String> kept = new HashSet<>();
      names.forEach(name -> kept.add(name.asText()));
      result.retain(kept);
    }
  }

  private static String directive(JsonNode patch) {
    return patch.path(PATCH).asText();
  }

  private static ObjectNode withoutDirectives(ObjectNode patch) {
    ObjectNode plain = patch.deepCopy();
    plain.remove(PATCH);
    plain.remove(RETAIN);
    return plain;
  }
}
