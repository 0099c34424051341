package io.margay.agents.audit;

/** Takes records. Of any number of threads at a time. */
@FunctionalInterface
public interface AuditLog {

  /**
   * Writes a record, and returns only when it would survive a power failure.
   *
   * @throws AuditUnavailableException if it could not be written, or if that is not certain. What
   *     the record tells of must not happen then
   */
  Receipt append(Draft draft) throws AuditUnavailableException;
}
