package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.store.patch.ListTypes.ListMerge;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kubernetes' own merge patch, which merges lists by the key that the schema names. Directives:
 * {@code $patch} (replace, delete, merge), {@code $retainKeys}, {@code $setElementOrder/FIELD} and
 * {@code $deleteFromPrimitiveList/FIELD}.
 */
public final class StrategicMergePatch {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_ITEMS = "$deleteFromPrimitiveList/";

  private final ListTypes types;

  private StrategicMergePatch(ListTypes types) {
    this.types = types;
  }

  /**
   * The object with the patch applied.
   *
   * @throws PatchException if a directive is unknown or an item lacks its merge key
   */
  public static ObjectNode apply(ObjectNode current, JsonNode patch, ListTypes types) {
    if (!(patch instanceof ObjectNode fields)) {
      throw new PatchException("a strategic merge patch must be a JSON object");
    }
    ObjectNode merged = new StrategicMergePatch(types).mergeObject(current, fields, List.of());
    if (merged == null) {
      throw new PatchException("a patch cannot delete the whole object; use DELETE");
    }
    return merged;
  }

  /** Null means that the patch deletes the object. */
  private @Nullable ObjectNode mergeObject(
      @Nullable ObjectNode current, ObjectNode patch, List<String> path) {
    switch (patch.path(PATCH).asText("merge")) {
      case "delete" -> {
        return null;
      }
      case "replace" -> current = null;
      case "merge" -> {}
      default -> throw unknownDirective(patch.path(PATCH).asText(), path);
    }
    ObjectNode result =
        current == null ? JsonNodeFactory.instance.objectNode() : current.deepCopy();
    if (patch.get(RETAIN) instanceof ArrayNode retained) {
      Set<String> names = new HashSet<>();
      retained.forEach(name -> names.add(name.asText()));
      result.retain(names);
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      String name = field.getKey();
      if (name.startsWith(DELETE_ITEMS)) {
        deleteItems(result, name.substring(DELETE_ITEMS.length()), field.getValue());
      } else if (!name.startsWith("$")) {
        set(result, name, mergeField(result.get(name), field.getValue(), child(path, name)));
      } else if (!name.equals(PATCH) && !name.equals(RETAIN) && !name.startsWith(ORDER)) {
        throw unknownDirective(name, path);
      }
    }
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (field.getKey().startsWith(ORDER)) {
        String name = field.getKey().substring(ORDER.length());
        reorder(result, name, field.getValue(), child(path, name));
      }
    }
    return result;
  }

  private @Nullable JsonNode mergeField(
      @Nullable JsonNode current, JsonNode patch, List<String> path) {
    return switch (patch) {
      case ObjectNode object ->
          mergeObject(current instanceof ObjectNode existing ? existing : null, object, path);
      case ArrayNode items -> mergeList(current, items, path);
      default -> patch.isNull() ? null : patch.deepCopy();
    };
  }

  private ArrayNode mergeList(@Nullable JsonNode current, ArrayNode patch, List<String> path) {
    ListMerge merge = types.listMerge(path);
    ArrayNode existing = current instanceof ArrayNode array ? array : null;
    boolean replace = false;
    for (JsonNode item : patch) {
      replace |= item.path(PATCH).asText().equals("replace");
    }
    if (merge == null || replace) {
      return withoutDirectives(patch);
    }
    return switch (merge) {
      case ListMerge.Union() -> union(existing, patch);
      case ListMerge.ByKey(String key) -> mergeByKey(existing, patch, key, path);
    };
  }

  private static ArrayNode withoutDirectives(ArrayNode patch) {
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (JsonNode item : patch) {
      if (!item.has(PATCH)) {
        result.add(item.deepCopy());
      }
    }
    return result;
  }

  private static ArrayNode union(@Nullable ArrayNode existing, ArrayNode patch) {
    Set<JsonNode> items = new java.util.LinkedHashSet<>();
    if (existing != null) {
      existing.forEach(items::add);
    }
    patch.forEach(items::add);
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    items.forEach(result::add);
    return result;
  }

  private ArrayNode mergeByKey(
      @Nullable ArrayNode existing, ArrayNode patch, String key, List<String> path) {
    List<JsonNode> items = new ArrayList<>();
    if (existing != null) {
      existing.forEach(items::add);
    }
    for (JsonNode item : patch) {
      JsonNode id = item.get(key);
      if (id == null || !(item instanceof ObjectNode object)) {
        throw new PatchException(
            "an item of " + String.join(".", path) + " lacks its merge key \"" + key + "\"");
      }
      int at = indexOf(items, key, id);
      ObjectNode before = at >= 0 && items.get(at) instanceof ObjectNode found ? found : null;
      ObjectNode merged = mergeObject(before, object, path);
      if (merged == null) {
        items.removeIf(candidate -> id.equals(candidate.get(key)));
      } else if (at >= 0) {
        items.set(at, merged);
      } else {
        items.add(merged);
      }
    }
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    items.forEach(result::add);
    return result;
  }

  private static int indexOf(List<JsonNode> items, String key, JsonNode id) {
    for (int i = 0; i < items.size(); i++) {
      if (id.equals(items.get(i).get(key))) {
        return i;
      }
    }
    return -1;
  }

  private static void deleteItems(ObjectNode object, String field, JsonNode values) {
    if (object.get(field) instanceof ArrayNode list && values instanceof ArrayNode deleted) {
      Set<JsonNode> gone = new HashSet<>();
      deleted.forEach(gone::add);
      ArrayNode kept = JsonNodeFactory.instance.arrayNode();
      for (JsonNode item : list) {
        if (!gone.contains(item)) {
          kept.add(item);
        }
      }
      object.set(field, kept);
    }
  }

  /** Items named by the order come first and in that order; the others keep their own behind. */
  private void reorder(ObjectNode object, String field, JsonNode order, List<String> path) {
    if (!(object.get(field) instanceof ArrayNode list) || !(order instanceof ArrayNode wanted)) {
      return;
    }
    String key = types.listMerge(path) instanceof ListMerge.ByKey(String name) ? name : null;
    List<JsonNode> rest = new ArrayList<>();
    list.forEach(rest::add);
    ArrayNode result = JsonNodeFactory.instance.arrayNode();
    for (JsonNode next : wanted) {
      for (int i = 0; i < rest.size(); i++) {
        JsonNode candidate = rest.get(i);
        boolean same =
            key == null ? candidate.equals(next) : next.path(key).equals(candidate.path(key));
        if (same) {
          result.add(candidate);
          rest.remove(i);
          break;
        }
      }
    }
    rest.forEach(result::add);
    object.set(field, result);
  }

  private static void set(ObjectNode object, String name, @Nullable JsonNode value) {
    if (value == null) {
      object.remove(name);
    } else {
      object.set(name, value);
    }
  }

  private static List<String> child(List<String> path, String name) {
    List<String> child = new ArrayList<>(path);
    child.add(name);
    return child;
  }

  private static PatchException unknownDirective(String directive, List<String> path) {
    return new PatchException(
        "\"" + directive + "\" at " + String.join(".", path) + " is not a patch directive");
  }
}
