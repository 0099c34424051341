package io.margay.agents.audit;

import java.time.Instant;

/**
 * A record of the log.
 *
 * @param sequence its place in the log, from 0 on
 * @param time when it was written, by the log's clock; never before the record before it
 * @param previous SHA-256 of the bytes of the record before it, in hexadecimal digits; 64 zeros for
 *     the first one
 */
public record AuditRecord(long sequence, Instant time, String previous, AuditEvent event) {
  /** What the first record has for the hash of the one before it. */
  public static final String NO_PREVIOUS = "0".repeat(64);
}
