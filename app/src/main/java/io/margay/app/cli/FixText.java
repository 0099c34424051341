package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What would turn a verdict, as a manifest of staged policies. */
final class FixText {
  private FixText() {}

  /**
   * The manifest.
   *
   * @throws CommandFailure if no change of policies turns the verdict, or one cannot be staged
   */
  static String of(JsonNode answer) {
    StringBuilder text = new StringBuilder();
    for (JsonNode change : answer.path("changes")) {
      String statement = change.path("statement").asText();
      if (!change.path("staged_yaml").isTextual()) {
        throw new CommandFailure(
            "to "
                + statement
                + " cannot be staged: -o json has the policy as it would be enforced (after_yaml)");
      }
      text.append(text.isEmpty() ? "" : "---\n");
      text.append("# ").append(statement).append('\n');
      text.append(change.path("staged_yaml").asText());
    }
    if (text.isEmpty()) {
      throw new CommandFailure(
          "no change of policies turns this verdict: \"margay why\" without --fix says what decides");
    }
    return text.toString();
  }
}
