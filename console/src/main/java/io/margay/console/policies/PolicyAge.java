package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.KubeObject;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old a policy is.
 *
 * @param generation counts the changes of its spec; 0 when unknown
 * @param created null when unknown
 * @param changed since when its spec is as it is, or a little later where the same client changed
 *     something else since; null when unknown
 */
public record PolicyAge(long generation, @Nullable Instant created, @Nullable Instant changed) {

  static PolicyAge of(KubeObject object) {
    JsonNode metadata = object.json().path("metadata");
    long generation = metadata.path("generation").asLong();
    Instant created = time(metadata.path("creationTimestamp"));
    Instant changed = generation == 1 ? created : null;
    for (JsonNode manager : metadata.path("managedFields")) {
      Instant at = time(manager.path("time"));
      boolean ofSpec = manager.path("fieldsV1").has("f:spec");
      if (ofSpec && at != null && (changed == null || at.isAfter(changed))) {
        changed = at;
      }
    }
    return new PolicyAge(generation, created, changed);
  }

  private static @Nullable Instant time(JsonNode text) {
    try {
      return text.isTextual() ? Instant.parse(text.asText()) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
