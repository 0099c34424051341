package io.margay.network.cni;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.network.cni.CniException.Code;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the shim and the node process say to each other: one JSON object there, one back.
 *
 * <pre>
 *   {"environment": {"CNI_COMMAND": "ADD", …}, "input": "…"}
 *   {"exitCode": 0, "output": "…"}
 * </pre>
 */
public final class CniExchange {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private CniExchange() {}

  /** The answer to a runtime. */
  public record Answer(int exitCode, String output) {
    /** An error, as the specification writes it. */
    public static Answer of(CniException failure, String cniVersion) {
      return new Answer(1, failure.json(cniVersion).toString());
    }
  }

  /** A question as the shim writes it. */
  public static String question(Map<String, String> environment, String input) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode variables = json.putObject("environment");
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (name.startsWith("CNI_")) {
            variables.put(name, value);
          }
        });
    return json.put("input", input).toString();
  }

  /** Answers a question in the node process. Never throws: each failure is an answer. */
  static String answer(CniPlugin plugin, String question) {
    Answer answer;
    String input = "";
    try {
      JsonNode json = JSON.readTree(question);
      input = json.path("input").asText();
      Map<String, String> environment = new TreeMap<>();
      json.path("environment")
          .properties()
          .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
      ObjectNode output = plugin.call(CniCall.read(environment, input));
      answer = new Answer(0, output == null ? "" : output.toString());
    } catch (CniException e) {
      answer = Answer.of(e, version(input));
    } catch (JsonProcessingException e) {
      answer = Answer.of(new CniException(Code.UNREADABLE, "not a question", e), version(input));
    } catch (RuntimeException e) {
      answer =
          Answer.of(new CniException(Code.INTERNAL, "unexpected failure: " + e, e), version(input));
    }
    return JsonNodeFactory.instance
        .objectNode()
        .put("exitCode", answer.exitCode())
        .put("output", answer.output())
        .toString();
  }

  /** Reads what the node process answered. */
  public static Answer read(String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json.path("exitCode").isInt()) {
        return new Answer(json.path("exitCode").asInt(), json.path("output").asText());
      }
    } catch (JsonProcessingException e) {
      // Told below, together with what is JSON and no answer.
    }
    throw new CniException(Code.IO_FAILURE, "the node process ended in the middle of its answer");
  }

  /** The version in which a runtime wants its answers; the newest if it did not say. */
  public static String version(String input) {
    try {
      String asked = JSON.readTree(input).path("cniVersion").asText();
      return CniVersions.ALL.contains(asked) ? asked : CniVersions.NEWEST;
    } catch (JsonProcessingException e) {
      return CniVersions.NEWEST;
    }
  }
}
