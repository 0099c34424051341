package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.agents.conformance.Turn.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Map;

/** The tools, prompts and resources that the suite asks for: data, from {@code everything.json}. */
final class Everything {
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  /** A WAVE file without a sample. */
  private static final String WAV =
      Base64.getEncoder()
          .encodeToString(
              new byte[] {
                'R', 'I', 'F', 'F', 36, 0, 0, 0, 'W', 'A', 'V', 'E', 'f', 'm', 't', ' ', 16, 0, 0,
                0, 1, 0, 1, 0, 64, 31, 0, 0, 64, 31, 0, 0, 1, 0, 8, 0, 'd', 'a', 't', 'a', 0, 0, 0,
                0
              });

  private final JsonNode all;

  Everything() throws IOException {
    try (InputStream in = Everything.class.getResourceAsStream("everything.json")) {
      all = filled(Turn.JSON.readTree(in), Map.of("png", PNG, "wav", WAV));
    }
  }

  private static JsonNode filled(JsonNode pattern, Map<String, String> values) throws IOException {
    String text = pattern.toString();
    for (Map.Entry<String, String> value : values.entrySet()) {
      String quoted = Turn.JSON.writeValueAsString(value.getValue());
      text = text.replace("${" + value.getKey() + "}", quoted.substring(1, quoted.length() - 1));
    }
    return Turn.JSON.readTree(text);
  }

  /** What is known of a tool or prompt, its placeholders replaced by the arguments of a call. */
  JsonNode called(String kind, JsonNode params) throws IOException, Refused {
    JsonNode known = all.path(kind).path(params.path("name").asText());
    if (known.isMissingNode()) {
      throw new Refused(200, -32602, "there is no such thing among " + kind);
    }
    Map<String, String> values = new java.util.TreeMap<>();
    for (Map.Entry<String, JsonNode> argument : params.path("arguments").properties()) {
      values.put(argument.getKey(), argument.getValue().asText());
    }
    return filled(known, values);
  }

  ObjectNode tools() {
    ObjectNode result = Turn.JSON.createObjectNode();
    ArrayNode tools = result.putArray("tools");
    for (Map.Entry<String, JsonNode> tool : all.path("tools").properties()) {
      ObjectNode definition = tools.addObject().put("name", tool.getKey());
      definition.put("description", "The tool " + tool.getKey() + " of the conformance suite.");
      JsonNode schema = tool.getValue().path("inputSchema");
      definition.set(
          "inputSchema",
          schema.isObject() ? schema : Turn.JSON.createObjectNode().put("type", "object"));
    }
    return result;
  }

  ObjectNode prompts() {
    ObjectNode result = Turn.JSON.createObjectNode();
    ArrayNode prompts = result.putArray("prompts");
    for (Map.Entry<String, JsonNode> prompt : all.path("prompts").properties()) {
      ObjectNode definition = prompts.addObject().put("name", prompt.getKey());
      definition.put("description", "The prompt " + prompt.getKey() + " of the conformance suite.");
      ArrayNode arguments = definition.putArray("arguments");
      for (JsonNode name : prompt.getValue().path("arguments")) {
        arguments.addObject().put("name", name.asText()).put("required", true);
      }
    }
    return result;
  }

  ObjectNode resources() {
    ObjectNode result = Turn.JSON.createObjectNode();
    ArrayNode resources = result.putArray("resources");
    for (Map.Entry<String, JsonNode> resource : all.path("resources").properties()) {
      resources
          .addObject()
          .put("uri", resource.getKey())
          .put("name", resource.getKey().substring("test://".length()))
          .put("description", "A resource of the conformance suite.")
          .put("mimeType", resource.getValue().path("mimeType").asText());
    }
    return result;
  }

  ObjectNode templates() {
    ObjectNode result = Turn.JSON.createObjectNode();
    result.putArray("resourceTemplates").add(all.path("template"));
    return result;
  }

  ObjectNode read(String uri) throws Refused {
    ObjectNode result = Turn.JSON.createObjectNode();
    ObjectNode content = result.putArray("contents").addObject().put("uri", uri);
    JsonNode known = all.path("resources").path(uri);
    if (known instanceof ObjectNode resource) {
      content.setAll(resource);
    } else if (uri.matches("test://template/[^/]+/data")) {
      String id = uri.split("/", -1)[3];
      content.put("mimeType", "application/json").put("text", "{\"id\":\"" + id + "\"}");
    } else {
      ObjectNode data = Turn.JSON.createObjectNode().put("uri", uri);
      throw new Refused(200, -32602, "there is no such resource", data);
    }
    return result;
  }
}
