package io.margay.flows.query;

import java.time.Instant;

/**
 * A place in a list of records: behind the record of this bucket and key.
 *
 * @param bucketSecond the bucket's start in epoch seconds
 */
public record FlowCursor(long bucketSecond, long keyNumber) {
  /** Before the newest record. */
  public static final FlowCursor NEWEST = new FlowCursor(Long.MAX_VALUE, Long.MAX_VALUE);

  static FlowCursor behind(Instant bucket, long keyNumber) {
    return new FlowCursor(bucket.getEpochSecond(), keyNumber);
  }

  /**
   * Whether a record comes behind this place: it is older, or of the same bucket and a lower key.
   */
  public boolean isBefore(long second, long key) {
    return second < bucketSecond || (second == bucketSecond && key < keyNumber);
  }

  /** The text for clients, who need not understand it; empty for the newest. */
  public String text() {
    return equals(NEWEST) ? "" : bucketSecond + "-" + keyNumber;
  }

  /**
   * Reads {@link #text}.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static FlowCursor parse(String text) {
    if (text.isEmpty()) {
      return NEWEST;
    }
    int dash = text.indexOf('-', 1);
    try {
      return new FlowCursor(
          Long.parseLong(text, 0, Math.max(dash, 0), 10),
          Long.parseLong(text, dash + 1, text.length(), 10));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "cursor \"" + text + "\" is none: write the one of the page before, or none", e);
    }
  }
}
