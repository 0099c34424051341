package io.margay.agents.audit.log;

/** A log's files are not what was written. The message says where and what. */
public final class AuditDamageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AuditDamageException(String message) {
    super(message);
  }
}
