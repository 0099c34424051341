package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes what no schema knows, as API servers do when the client did not ask to be told. A policy
 * can come out wider than it was written: refusing, as {@link Validator} does, is the safe way.
 */
public final class Pruner {
  private Pruner() {}

  /**
   * Removes unknown fields in place.
   *
   * @return the paths of the removed fields
   */
  public static List<String> prune(Schema schema, JsonNode node) {
    List<String> removed = new ArrayList<>();
    prune(schema, node, "", removed);
    return removed;
  }

  private static void prune(Schema schema, JsonNode node, String path, List<String> removed) {
    switch (schema) {
      case Schema.ObjectSchema object -> {
        if (node instanceof ObjectNode fields) {
          List<String> names = new ArrayList<>();
          fields.fieldNames().forEachRemaining(names::add);
          for (String name : names) {
            String at = path.isEmpty() ? name : path + "." + name;
            Schema property = object.properties().get(name);
            if (property != null) {
              prune(property, fields.get(name), at, removed);
            } else if (!object.open()) {
              fields.remove(name);
              removed.add(at);
            }
          }
        }
      }
      case Schema.ListSchema list -> {
        for (int i = 0; node.isArray() && i < node.size(); i++) {
          prune(list.items(), node.get(i), path + "[" + i + "]", removed);
        }
      }
      case Schema.MapSchema map ->
          node.properties().forEach(p -> prune(map.values(), p.getValue(), path, removed));
      case Schema.TextSchema text -> {}
      case Schema.NumberSchema number -> {}
      case Schema.BooleanSchema bool -> {}
      case Schema.IntOrTextSchema port -> {}
      case Schema.AnySchema any -> {}
    }
  }
}
