package io.margay.console;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks values against the parts of JSON Schema that our API's document uses. A keyword that it
 * does not know fails the test, so that no promise goes unchecked.
 */
final class JsonSchema {
  private static final List<String> KNOWN =
      List.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "anyOf",
          "enum",
          "$ref",
          "description",
          "example",
          "format",
          "minimum",
          "maximum",
          "default",
          "maxLength",
          "title");

  private final JsonNode document;

  JsonSchema(JsonNode document) {
    this.document = document;
  }

  /** What is wrong with a value; empty if nothing is. */
  List<String> problems(JsonNode schema, JsonNode value) {
    List<String> problems = new ArrayList<>();
    check(schema, value, "$", problems);
    return problems;
  }

  private void check(JsonNode schema, JsonNode value, String path, List<String> problems) {
    schema
        .fieldNames()
        .forEachRemaining(keyword -> {
          if (!KNOWN.contains(keyword)) {
            problems.add(path + ": the schema has the unknown keyword " + keyword);
          }
        });
    if (schema.has("$ref")) {
      check(document.at(schema.path("$ref").asText().substring(1)), value, path, problems);
      return;
    }
    if (schema.has("anyOf")) {
      boolean fits = false;
      List<String> why = new ArrayList<>();
      for (JsonNode option : schema.path("anyOf")) {
        List<String> tried = new ArrayList<>();
        check(option, value, path, tried);
        fits |= tried.isEmpty();
        why.addAll(tried);
      }
      if (!fits) {
        problems.add(path + " fits no option: " + why);
      }
    }
    if (schema.has("type") && !isOfType(schema.path("type"), value)) {
      problems.add(path + ": " + value + " is not of type " + schema.path("type"));
      return;
    }
    if (schema.has("enum") && !value.isNull() && !contains(schema.path("enum"), value)) {
      problems.add(path + ": " + value + " is not one of " + schema.path("enum"));
    }
    if (value.isObject()) {
      checkObject(schema, value, path, problems);
    }
    if (value.isArray() && schema.has("items")) {
      for (int i = 0; i < value.size(); i++) {
        check(schema.path("items"), value.get(i), path + "[" + i + "]", problems);
      }
    }
  }

  private void checkObject(JsonNode schema, JsonNode value, String path, List<String> problems) {
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        problems.add(path + " lacks " + required.asText());
      }
    }
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      String at = path + "." + field.getKey();
      JsonNode property = schema.path("properties").path(field.getKey());
      JsonNode others = schema.path("additionalProperties");
      if (!property.isMissingNode()) {
        check(property, field.getValue(), at, problems);
      } else if (others.isObject()) {
        check(others, field.getValue(), at, problems);
      } else if (others.isBoolean() && !others.asBoolean()) {
        problems.add(at + " is not in the schema");
      }
    }
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode candidate : values) {
      if (candidate.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfType(JsonNode types, JsonNode value) {
    if (types.isArray()) {
      for (JsonNode type : types) {
        if (isOfType(type, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (types.asText()) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> throw new IllegalArgumentException("type " + types);
    };
  }
}
