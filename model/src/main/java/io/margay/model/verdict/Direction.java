package io.margay.model.verdict;

/** Seen from the endpoint that is judged. */
public enum Direction {
  INGRESS,
  EGRESS
}
