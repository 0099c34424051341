package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.schema.Schema.ListType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** Turns OpenAPI JSON into schema records. */
final class SchemaReader {
  private SchemaReader() {}

  static Schema read(JsonNode json) {
    Schema.Common common =
        new Schema.Common(
            json.path("description").asText(),
            json.get("default"),
            json.path("nullable").asBoolean());
    if (json.path("x-kubernetes-int-or-string").asBoolean()) {
      return new Schema.IntOrTextSchema(common, json.path("format").asText());
    }
    return switch (json.path("type").asText()) {
      case "object" -> object(json, common);
      case "array" -> list(json, common);
      case "string" ->
          new Schema.TextSchema(
              common,
              json.path("format").asText(),
              texts(json.path("enum")),
              json.path("minLength").asInt(0),
              json.path("maxLength").asInt(Integer.MAX_VALUE));
      case "integer" -> number(json, common, true);
      case "number" -> number(json, common, false);
      case "boolean" -> new Schema.BooleanSchema(common);
      case "" -> new Schema.AnySchema(common);
      default -> throw new IllegalStateException("a schema has an unknown type: " + json);
    };
  }

  private static Schema object(JsonNode json, Schema.Common common) {
    boolean open = json.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    if (json.has("additionalProperties")) {
      return new Schema.MapSchema(
          common, read(json.get("additionalProperties")), json.path(Schemas.KEY_FORMAT).asText());
    }
    if (open && !json.has("properties")) {
      return new Schema.AnySchema(common);
    }
    Map<String, Schema> properties = new LinkedHashMap<>();
    json.path("properties")
        .properties()
        .forEach(p -> properties.put(p.getKey(), read(p.getValue())));
    return new Schema.ObjectSchema(
        common,
        Collections.unmodifiableMap(properties),
        texts(json.path("required")),
        open,
        json.path("minProperties").asInt(0),
        json.path("maxProperties").asInt(Integer.MAX_VALUE));
  }

  private static Schema list(JsonNode json, Schema.Common common) {
    return new Schema.ListSchema(
        common,
        read(json.path("items")),
        ListType.valueOf(
            json.path("x-kubernetes-list-type").asText("atomic").toUpperCase(Locale.ROOT)),
        texts(json.path("x-kubernetes-list-map-keys")),
        json.path("x-kubernetes-patch-strategy").asText().equals("merge"),
        json.path("x-kubernetes-patch-merge-key").asText(),
        json.path("minItems").asInt(0),
        json.path("maxItems").asInt(Integer.MAX_VALUE));
  }

  private static Schema number(JsonNode json, Schema.Common common, boolean whole) {
    return new Schema.NumberSchema(
        common,
        whole,
        json.path("minimum").asDouble(Double.NEGATIVE_INFINITY),
        json.path("maximum").asDouble(Double.POSITIVE_INFINITY),
        texts(json.path("enum")));
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
  }
}
