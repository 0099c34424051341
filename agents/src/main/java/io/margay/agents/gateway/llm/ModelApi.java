package io.margay.agents.gateway.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;

/** The calls that model providers offer. */
enum ModelApi {
  CHAT("/v1/chat/completions", "invokeModel", "max_completion_tokens", "max_tokens"),
  RESPONSES("/v1/responses", "invokeModel", "max_output_tokens"),
  EMBEDDINGS("/v1/embeddings", "embed"),
  MESSAGES("/v1/messages", "invokeModel", "max_tokens");

  /** What is reserved for an answer whose length the call does not limit. */
  private static final long UNLIMITED = 4096;

  /** Text has three bytes for a token or more; the truth comes with the answer. */
  private static final long BYTES_PER_TOKEN = 3;

  private final String path;
  private final String action;
  private final String[] limits;

  ModelApi(String path, String action, String... limits) {
    this.path = path;
    this.action = action;
    this.limits = limits;
  }

  static Optional<ModelApi> of(String path) {
    return Arrays.stream(values()).filter(api -> api.path.equals(path)).findFirst();
  }

  String path() {
    return path;
  }

  String action() {
    return action;
  }

  /** The most tokens that the input of a call can have. */
  static long inputTokens(int bytes) {
    return Math.ceilDiv(bytes, BYTES_PER_TOKEN);
  }

  /** The most tokens that the answer to a call can have. */
  long outputTokens(JsonNode body) {
    if (limits.length == 0) {
      return 0;
    }
    long answers = Math.max(1, body.path("n").asLong(1));
    for (String limit : limits) {
      if (body.path(limit).isIntegralNumber()) {
        return Math.max(0, Math.min(body.path(limit).asLong(), 10_000_000L)) * answers;
      }
    }
    return UNLIMITED * answers;
  }

  /** An error in the words of the API. */
  ObjectNode error(String type, String message) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (this == MESSAGES) {
      answer.put("type", "error").putObject("error").put("type", type).put("message", message);
    } else {
      answer
          .putObject("error")
          .put("message", message)
          .put("type", type)
          .put("code", type)
          .putNull("param");
    }
    return answer;
  }
}
