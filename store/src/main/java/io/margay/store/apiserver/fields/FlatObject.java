package io.margay.store.apiserver.fields;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.schema.Schema;
import io.margay.store.patch.SchemaWalk;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An object as its smallest separately owned fields, each with its value. What is owned as a whole
 * (plain values, atomic lists, empty objects) is one field; an item of a keyed list is a field of
 * its own besides the fields within it.
 */
record FlatObject(Map<FieldPath, JsonNode> leaves) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Stands for the item of a keyed list itself: that it is there. */
  private static final JsonNode PRESENT = BooleanNode.TRUE;

  static FlatObject of(Schema schema, JsonNode object) {
    Map<FieldPath, JsonNode> leaves = new TreeMap<>();
    flatten(schema, object, FieldPath.ROOT, leaves);
    return new FlatObject(leaves);
  }

  static FlatObject none() {
    return new FlatObject(Map.of());
  }

  FieldSet fields() {
    return FieldSet.of(leaves.keySet());
  }

  /** The fields that are new in this object, or have another value than before. */
  FieldSet changedSince(FlatObject before) {
    TreeSet<FieldPath> changed = new TreeSet<>();
    leaves.forEach((path, value) -> {
      if (!value.equals(before.leaves.get(path))) {
        changed.add(path);
      }
    });
    return new FieldSet(changed);
  }

  private static void flatten(
      Schema schema, JsonNode value, FieldPath at, Map<FieldPath, JsonNode> leaves) {
    if (value.isNull() || value.isMissingNode()) {
      return;
    }
    if (value.isEmpty()) {
      // Plain values are empty for Jackson, too.
      leaves.put(at, value);
      return;
    }
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        flatten(
            SchemaWalk.field(schema, field.getKey()),
            field.getValue(),
            at.child("f:" + field.getKey()),
            leaves);
      }
    } else if (schema instanceof Schema.ListSchema list) {
      flattenList(list, value, at, leaves);
    } else {
      leaves.put(at, value);
    }
  }

  private static void flattenList(
      Schema.ListSchema list, JsonNode items, FieldPath at, Map<FieldPath, JsonNode> leaves) {
    switch (list.type()) {
      case ATOMIC -> leaves.put(at, items);
      case SET -> items.forEach(item -> leaves.put(at.child(element(list, item)), item));
      case MAP -> {
        for (JsonNode item : items) {
          FieldPath itemPath = at.child(element(list, item));
          leaves.put(itemPath, PRESENT);
          flatten(list.items(), item, itemPath, leaves);
        }
      }
    }
  }

  /** How an item of a list that is not atomic is told from the others. */
  static String element(Schema.ListSchema list, JsonNode item) {
    if (list.type() == Schema.ListType.SET) {
      return "v:" + text(item);
    }
    ObjectNode key = JsonNodeFactory.instance.objectNode();
    list.mapKeys().stream()
        .sorted()
        .forEach(name -> {
          JsonNode value = item.get(name);
          JsonNode keyValue =
              value == null ? SchemaWalk.field(list.items(), name).common().defaultValue() : value;
          if (keyValue != null) {
            key.set(name, keyValue);
          }
        });
    return "k:" + text(key);
  }

  private static String text(JsonNode value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value, e);
    }
  }
}
