package io.margay.model.resource;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a rule does with a packet that it matches. */
public enum RuleAction {
  @JsonProperty("Allow")
  ALLOW("Allow"),
  @JsonProperty("Deny")
  DENY("Deny"),
  /** Leaves the tier. */
  @JsonProperty("Pass")
  PASS("Pass"),
  /** Writes a log line and goes on with the next rule. */
  @JsonProperty("Log")
  LOG("Log");

  private final String text;

  RuleAction(String text) {
    this.text = text;
  }

  /** As the API writes it. */
  @Override
  public String toString() {
    return text;
  }
}
