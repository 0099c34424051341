package io.margay.model.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What enforcing a staged policy would do. */
public enum StagedAction {
  @JsonProperty("Set")
  SET,
  @JsonProperty("Delete")
  DELETE,
  @JsonProperty("Learn")
  LEARN,
  @JsonProperty("Ignore")
  IGNORE
}
