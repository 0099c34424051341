package io.margay.console.policies;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.cluster.NamedOwner;
import io.margay.model.manifest.KubeObject;

/** Who answers for a policy. */
final class PolicyOwner {
  private PolicyOwner() {}

  /**
   * What its annotation or label {@code margay.io/owner} or {@code owner} says, else its namespace;
   * empty for a cluster-wide policy without either.
   */
  static String of(KubeObject policy) {
    JsonNode metadata = policy.json().path("metadata");
    String named =
        NamedOwner.of(
            name -> metadata.path("annotations").path(name).asText(),
            name -> metadata.path("labels").path(name).asText());
    return named.isEmpty() ? policy.namespace() : named;
  }
}
