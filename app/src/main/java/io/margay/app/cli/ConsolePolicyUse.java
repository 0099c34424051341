package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** When policies and rules were last used, as a console knows it. */
public final class ConsolePolicyUse {
  private ConsolePolicyUse() {}

  /**
   * What {@code /api/v1/policies/use} answers: all policies that the asker may see, used or not.
   *
   * @param console where it is; empty for that of this user's demo or {@code up}
   * @param time since when something must have been used, or else it counts as unused
   * @throws CommandFailure if there is no console or it does not answer
   */
  public static JsonNode since(Optional<String> console, Duration time) {
    try (ConsoleClient client = ConsoleClient.of(console)) {
      return client.get("/api/v1/policies/use", Map.of("startTimeGte", ConsoleFlows.ago(time)));
    }
  }
}
