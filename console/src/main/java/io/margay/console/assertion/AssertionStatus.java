package io.margay.console.assertion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Puts a judgement into the status of its object. */
final class AssertionStatus {
  private static final String HOLDS = "Holds";
  private static final String CHECKED = "lastChecked";

  /** Where nothing else changes, the time is not worth a write more often. */
  private static final Duration TIME_EVERY = Duration.ofMinutes(10);

  private AssertionStatus() {}

  /** The object with its new status; empty if that says the same. */
  static Optional<KubeObject> changed(KubeObject object, Judgement judgement, Instant now) {
    ObjectNode json = object.json().deepCopy();
    ObjectNode status = json.withObjectProperty("status");
    JsonNode before = status.deepCopy();
    status.set("results", judgement.json());
    putCondition(status.withArrayProperty("conditions"), judgement, now);
    if (status.equals(before) && !isOld(before.path(CHECKED).asText(), now)) {
      return Optional.empty();
    }
    status.put(CHECKED, now.truncatedTo(ChronoUnit.SECONDS).toString());
    return Optional.of(new KubeObject(object.kind(), json));
  }

  private static void putCondition(ArrayNode conditions, Judgement judgement, Instant now) {
    String holds = judgement.holds().text();
    String since = now.truncatedTo(ChronoUnit.SECONDS).toString();
    for (int i = 0; i < conditions.size(); i++) {
      JsonNode before = conditions.get(i);
      if (before.path("type").asText().equals(HOLDS)) {
        if (before.path("status").asText().equals(holds)) {
          since = before.path("lastTransitionTime").asText(since);
        }
        conditions.remove(i);
        break;
      }
    }
    conditions
        .addObject()
        .put("type", HOLDS)
        .put("status", holds)
        .put("observedGeneration", judgement.generation())
        .put("lastTransitionTime", since)
        .put("reason", judgement.reason())
        .put("message", judgement.message());
  }

  private static boolean isOld(String checked, Instant now) {
    try {
      return OffsetDateTime.parse(checked).toInstant().plus(TIME_EVERY).isBefore(now);
    } catch (DateTimeParseException e) {
      return true;
    }
  }
}
