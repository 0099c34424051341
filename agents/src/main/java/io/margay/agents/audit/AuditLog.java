package io.margay.agents.audit;

import java.util.concurrent.CompletableFuture;

/** Takes records. Of any number of threads at a time. */
public interface AuditLog {

  /**
   * Writes a record, and returns only when it would survive a power failure.
   *
   * @throws AuditUnavailableException if it could not be written, or if that is not certain. What
   *     the record tells of must not happen then
   */
  Receipt append(Draft draft) throws AuditUnavailableException;

  /**
   * Writes a record for which nothing waits: with the next one for which something does, or else
   * some milliseconds later. So it costs no flush of its own while calls go through.
   *
   * @return is completed when the record would survive a power failure; or else with the reason
   */
  CompletableFuture<Receipt> appendLater(Draft draft);
}
