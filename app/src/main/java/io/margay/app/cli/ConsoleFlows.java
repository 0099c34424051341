package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The flows that a console knows. */
public final class ConsoleFlows {
  private static final int PAGE = 5_000;

  private ConsoleFlows() {}

  /**
   * The flows of the time until now.
   *
   * @param console where it is; empty for that of this user's demo or {@code up}
   */
  public static List<JsonNode> since(Optional<String> console, Duration time) {
    try (ConsoleClient client = ConsoleClient.of(console)) {
      return all(client, Map.of("startTimeGte", ago(time)));
    }
  }

  /** 0 would mean since ever; the API counts whole seconds. */
  static String ago(Duration time) {
    return Long.toString(-Math.max(1, time.toSeconds()));
  }

  /** All pages, the newest flow first. */
  static List<JsonNode> all(ConsoleClient client, Map<String, String> query) {
    List<JsonNode> flows = new ArrayList<>();
    Map<String, String> paged = new LinkedHashMap<>(query);
    paged.put("pageSize", Integer.toString(PAGE));
    int pages = 1;
    for (int page = 0; page < pages; page++) {
      paged.put("page", Integer.toString(page));
      JsonNode answer = client.get("/api/v1/flows", paged);
      answer.path("items").forEach(flows::add);
      pages = answer.at("/total/totalPages").asInt();
    }
    return flows;
  }
}
