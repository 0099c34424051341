package io.margay.agents.audit;

import java.io.IOException;

/**
 * A record could not be written. Checked, so that each caller has to say what becomes of the call:
 * it is refused.
 */
public final class AuditUnavailableException extends IOException {
  private static final long serialVersionUID = 1;

  public AuditUnavailableException(String message) {
    super(message);
  }

  public AuditUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
