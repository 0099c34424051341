package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.manifest.KubeObject;
import java.util.List;

/** Who answers for a policy. */
final class PolicyOwner {
  /** The first that is there wins; annotations before labels, since they may be any text. */
  private static final List<String> NAMES = List.of("margay.io/owner", "owner");

  private PolicyOwner() {}

  /**
   * What its annotation or label {@code margay.io/owner} or {@code owner} says, else its namespace;
   * empty for a cluster-wide policy without either.
   */
  static String of(KubeObject policy) {
    JsonNode metadata = policy.json().path("metadata");
    for (String name : NAMES) {
      for (String field : List.of("annotations", "labels")) {
        String owner = metadata.path(field).path(name).asText().strip();
        if (!owner.isEmpty()) {
          return owner;
        }
      }
    }
    return policy.namespace();
  }
}
