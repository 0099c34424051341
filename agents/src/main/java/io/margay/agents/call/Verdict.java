package io.margay.agents.call;

/** What becomes of a call. */
public enum Verdict {
  PERMIT,
  DENY,
  /** Waits for a person's approval. */
  HOLD
}
