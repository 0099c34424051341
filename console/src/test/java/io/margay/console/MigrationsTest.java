package io.margay.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Migrations of virtual machines, as the console tells of them. */
class MigrationsTest extends ShopTestCase {
  private void migration(String name, String status) throws IOException {
    given(
        Kind.LIVE_MIGRATION,
        """
        metadata: {name: %s, namespace: shop}
        spec:
          machine: {name: db}
          source: {pod: launcher-a, node: node-1}
          target: {pod: launcher-b, node: node-2}
          uid: %s
        status: %s
        """
            .formatted(name, name, status));
  }

  private static String done(String began, int gap) {
    return """
    {phase: Succeeded, gapMillis: %d, gapPackets: 2, owner: launcher-b@node-2,
     connections: {moved: 7, kept: 1, dropped: 0},
     phases: [{phase: Prepared, at: '%sZ'}, {phase: Succeeded, at: '2026-11-21T10:30:00Z'}]}\
    """
        .formatted(gap, began);
  }

  @Test
  void theNewestComesFirstAndTheShareWithinTheTargetIsTold() throws Exception {
    migration("one", done("2026-11-21T08:00:00.125", 12));
    migration("two", done("2026-11-21T09:00:00", 38));
    migration("bad", "{phase: Failed, reason: the target was killed}");
    migration("now", "{phase: Live, phases: [{phase: Live, at: '2026-11-21T10:00:00Z'}]}");
    JsonNode told = json("/api/v1/migrations");
    assertThat(told.path("items").findValuesAsText("name"))
        .as("what has not begun is the newest")
        .containsExactly("bad", "now", "two", "one");
    JsonNode one = told.at("/items/3");
    assertThat(one.path("machine").asText()).isEqualTo("db");
    assertThat(one.at("/target/node").asText()).isEqualTo("node-2");
    assertThat(one.at("/steps/0/at").asText()).isEqualTo("2026-11-21T08:00:00.125Z");
    assertThat(one.path("gap_millis").asInt()).isEqualTo(12);
    assertThat(one.at("/connections/moved").asInt()).isEqualTo(7);
    assertThat(told.at("/items/0/reason").asText()).isEqualTo("the target was killed");
    assertThat(told.at("/items/1/gap_millis").isNull()).isTrue();

    JsonNode objective = told.path("objective");
    assertThat(objective.path("within").asInt()).as("of 20 ms").isEqualTo(1);
    assertThat(objective.path("measured").asInt()).isEqualTo(2);
    assertThat(objective.path("failed").asInt()).isEqualTo(1);
    assertThat(json("/api/v1/migrations?gapMillis=100").at("/objective/within").asInt())
        .isEqualTo(2);
    assertThat(get("/api/v1/migrations?gapMillis=0").statusCode()).isEqualTo(400);
  }

  @Test
  void withoutMigrationsThereIsNothingToMeasure() throws Exception {
    JsonNode told = json("/api/v1/migrations");
    assertThat(told.path("items")).isEmpty();
    assertThat(told.at("/objective/median_gap_millis").isNull()).isTrue();
  }
}
