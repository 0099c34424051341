package io.margay.agents.gateway.llm;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Counts what an answer says that it took, whole or in parts. The parts of a stream repeat or add:
 * the highest number that was named counts.
 */
final class Usage {
  private long input = -1;
  private long output = -1;

  /** Looks at an answer, or a part of one. */
  void note(JsonNode part) {
    note(part.path("usage"), part);
    // Anthropic's first event, and the last of the Responses API, carry the message inside.
    note(part.path("message").path("usage"), part);
    note(part.path("response").path("usage"), part);
  }

  private void note(JsonNode usage, JsonNode part) {
    if (!usage.isObject() || part.isMissingNode()) {
      return;
    }
    long cached =
        usage.path("cache_creation_input_tokens").asLong(0)
            + usage.path("cache_read_input_tokens").asLong(0);
    input = Math.max(input, first(usage, "prompt_tokens", "input_tokens") + cached);
    output = Math.max(output, first(usage, "completion_tokens", "output_tokens"));
  }

  private static long first(JsonNode usage, String... names) {
    for (String name : names) {
      if (usage.path(name).isIntegralNumber()) {
        return Math.max(0, usage.path(name).asLong());
      }
    }
    return 0;
  }

  boolean isKnown() {
    return input >= 0;
  }

  long input() {
    return Math.max(0, input);
  }

  long output() {
    return Math.max(0, output);
  }
}
