package io.margay.agents.registry;

/** A call that no policy needs to be asked about. The message says why, as one sentence. */
public final class RefusedCallException extends Exception {
  public RefusedCallException(String reason) {
    // Thrown for every bad call, and nobody looks at its stack.
    super(reason, null, false, false);
  }

  /** One sentence for the caller and the auditor. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
