package io.margay.agents.audit;

import java.time.Instant;

/**
 * Says that a record is written.
 *
 * @param sequence of the record in its log, from 0 on; other records refer to it by this number
 * @param hash SHA-256 of the record's bytes, in hexadecimal digits
 * @param time when it was written, by the log's clock; never before the record before it
 */
public record Receipt(long sequence, String hash, Instant time) {}
