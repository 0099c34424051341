package io.margay.model.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The directions that a policy governs. */
public enum PolicyType {
  @JsonProperty("Ingress")
  INGRESS,
  @JsonProperty("Egress")
  EGRESS
}
