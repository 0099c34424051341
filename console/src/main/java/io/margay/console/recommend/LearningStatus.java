package io.margay.console.recommend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.PolicyRecommendationScope;
import io.margay.policy.recommend.Recommender;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says on learned policies how far learning has come.
 *
 * @param now the time of this round
 */
record LearningStatus(Duration interval, Duration stabilizationPeriod, Instant now) {
  /** Learning, Stabilizing or Stable. */
  static final String STATUS = "policyrecommendation.tigera.io/status";

  /** When a learned rule last changed. */
  static final String LAST_UPDATED = "policyrecommendation.tigera.io/lastUpdated";

  static LearningStatus of(PolicyRecommendationScope.Spec spec, Instant now) {
    return new LearningStatus(spec.interval(), spec.stabilizationPeriod(), now);
  }

  /**
   * The policy with what is to be said of it.
   *
   * @param before the policy as it is stored; null if it is new
   */
  KubeObject on(KubeObject learned, @Nullable KubeObject before) {
    ObjectNode json = learned.json().deepCopy();
    Instant updated = before == null || changes(learned, before) ? now : updated(before);
    json.withObjectProperty("metadata")
        .withObjectProperty("annotations")
        .put(LAST_UPDATED, updated.truncatedTo(ChronoUnit.SECONDS).toString())
        .put(STATUS, status(Duration.between(updated, now)));
    return new KubeObject(learned.kind(), json);
  }

  private static boolean changes(KubeObject learned, KubeObject before) {
    return !learned.json().path("spec").equals(before.json().path("spec"))
        || !annotation(learned, Recommender.NOTES).equals(annotation(before, Recommender.NOTES));
  }

  private Instant updated(KubeObject before) {
    try {
      return OffsetDateTime.parse(annotation(before, LAST_UPDATED).asText()).toInstant();
    } catch (DateTimeParseException e) {
      return now;
    }
  }

  private static JsonNode annotation(KubeObject of, String name) {
    return of.json().path("metadata").path("annotations").path(name);
  }

  private String status(Duration unchanged) {
    if (unchanged.compareTo(stabilizationPeriod) > 0) {
      return "Stable";
    }
    return unchanged.compareTo(interval.multipliedBy(2)) > 0 ? "Stabilizing" : "Learning";
  }
}
