package io.margay.store.apiserver.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.Kind;
import io.margay.model.schema.Schemas;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The schemas of all kinds as an OpenAPI v2 document in protobuf, the only form in which kubectl
 * takes that version: older ones explain and validate by it, newer ones ask for it when they meet a
 * kind that they do not know.
 */
final class OpenApiV2Protobuf {
  private static final int BYTES = 2;

  private OpenApiV2Protobuf() {}

  static byte[] document() {
    Message definitions = new Message();
    for (Kind kind : Kind.values()) {
      definitions.message(
          1, named(OpenApiDocuments.schemaName(kind), schema(Schemas.openApi(kind))));
    }
    return new Message()
        .text(1, "2.0")
        .message(2, new Message().text(1, "Margay").text(2, "v1"))
        .message(8, new Message())
        .message(9, definitions)
        .bytes();
  }

  private static Message named(String name, Message value) {
    return new Message().text(1, name).message(2, value);
  }

  private static Message schema(JsonNode schema) {
    Message message = new Message();
    message.text(2, schema.path("format").asText());
    message.text(4, schema.path("description").asText());
    schema.path("required").forEach(name -> message.text(19, name.asText()));
    if (schema.has("additionalProperties")) {
      message.message(21, new Message().message(1, schema(schema.get("additionalProperties"))));
    }
    if (schema.has("type")) {
      message.message(22, new Message().text(1, schema.get("type").asText()));
    }
    if (schema.has("items")) {
      message.message(23, new Message().message(1, schema(schema.get("items"))));
    }
    if (schema.has("properties")) {
      Message properties = new Message();
      for (Map.Entry<String, JsonNode> property : schema.get("properties").properties()) {
        properties.message(1, named(property.getKey(), schema(property.getValue())));
      }
      message.message(25, properties);
    }
    for (Map.Entry<String, JsonNode> extension : schema.properties()) {
      if (extension.getKey().startsWith("x-kubernetes-")) {
        // JSON is YAML.
        Message yaml = new Message().text(2, extension.getValue().toString());
        message.message(31, named(extension.getKey(), yaml));
      }
    }
    return message;
  }

  /** A protobuf message under construction. */
  private static final class Message {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds a text field; empty text is as good as none. */
    Message text(int field, String text) {
      return text.isEmpty() ? this : bytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    Message message(int field, Message nested) {
      return bytes(field, nested.bytes());
    }

    byte[] bytes() {
      return out.toByteArray();
    }

    private Message bytes(int field, byte[] bytes) {
      varint((field << 3) | BYTES);
      varint(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    private void varint(int value) {
      int rest = value;
      while ((rest & ~0x7f) != 0) {
        out.write((rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      out.write(rest);
    }
  }
}
