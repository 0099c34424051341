package io.margay.app.agents.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the suite wants to see a client do, by scenario. */
final class ClientScenario {
  /** Tools of the suite's servers, also those that nobody may use: the registry declares them. */
  static final List<String> TOOLS =
      List.of(
          "add_numbers",
          "lookup_user",
          "test_client_elicitation_defaults",
          "test_custom_headers",
          "test_custom_headers_null",
          "test_headers",
          "test_mrtr_echo_state",
          "test_mrtr_no_result_type",
          "test_mrtr_no_state",
          "test_mrtr_unrelated",
          "test_reconnection",
          "valid_tool",
          "invalid_empty_header",
          "invalid_object_header",
          "invalid_array_header",
          "invalid_null_header",
          "invalid_duplicate_same_case",
          "invalid_duplicate_diff_case",
          "invalid_space_in_name",
          "invalid_colon_in_name",
          "invalid_non_ascii_name",
          "invalid_control_char_name");

  private final McpClient client;

  ClientScenario(McpClient client) {
    this.client = client;
  }

  /**
   * Plays a scenario.
   *
   * @param context what the suite tells the client
   */
  void play(String scenario, JsonNode context) throws IOException, InterruptedException {
    client.begin();
    switch (scenario) {
      case "request-metadata" -> client.ask("server/discover", Turn.JSON.createObjectNode());
      case "initialize", "json-schema-ref-no-deref" -> client.listTools();
      case "sep-2322-client-request-state" -> callWithRounds();
      case "http-custom-headers" -> callAsTold(context);
      case "http-standard-headers" -> useAll();
      case "elicitation-sep1034-client-defaults" -> {
        client.listen();
        callAll();
      }
      default -> callAll();
    }
  }

  /** Calls every tool that is listed. */
  private void callAll() throws IOException, InterruptedException {
    for (JsonNode tool : client.listTools()) {
      client.call(tool.path("name").asText(), arguments(tool), params -> params);
    }
  }

  private static ObjectNode arguments(JsonNode tool) {
    ObjectNode arguments = Turn.JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> property : tool.at("/inputSchema/properties").properties()) {
      if (property.getValue().path("type").asText().equals("string")) {
        arguments.put(property.getKey(), "text");
      } else {
        arguments.put(property.getKey(), 5);
      }
    }
    return arguments;
  }

  private void useAll() throws IOException, InterruptedException {
    callAll();
    ObjectNode none = Turn.JSON.createObjectNode();
    for (JsonNode resource : client.ask("resources/list", none).at("/result/resources")) {
      client.ask(
          "resources/read", Turn.JSON.createObjectNode().put("uri", resource.path("uri").asText()));
    }
    for (JsonNode prompt : client.ask("prompts/list", none).at("/result/prompts")) {
      client.ask(
          "prompts/get", Turn.JSON.createObjectNode().put("name", prompt.path("name").asText()));
    }
  }

  private void callAsTold(JsonNode context) throws IOException, InterruptedException {
    client.listTools();
    for (JsonNode call : context.path("toolCalls")) {
      client.call(call.path("name").asText(), call.path("arguments"), params -> params);
    }
  }

  /**
   * Answers what a tool asks for; other tools are called in between, and are told nothing of it.
   */
  private void callWithRounds() throws IOException, InterruptedException {
    ObjectNode none = Turn.JSON.createObjectNode();
    for (JsonNode tool : client.listTools()) {
      String name = tool.path("name").asText();
      JsonNode result = client.call(name, none, params -> params).path("result");
      if (!result.path("resultType").asText().equals("input_required")) {
        continue;
      }
      client.call("test_mrtr_unrelated", none, params -> params);
      client.call(
          name,
          none,
          params -> {
            ObjectNode responses = params.putObject("inputResponses");
            for (Map.Entry<String, JsonNode> asked : result.path("inputRequests").properties()) {
              responses.set(asked.getKey(), McpClient.filledIn(asked.getValue()));
            }
            if (result.has("requestState")) {
              params.set("requestState", result.path("requestState"));
            }
            return params;
          });
    }
  }
}
