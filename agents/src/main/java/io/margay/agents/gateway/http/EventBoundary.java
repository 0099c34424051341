package io.margay.agents.gateway.http;

/**
 * Where a stream of events is: whether something may be put in without breaking an event. Lines end
 * with CR, LF or both.
 *
 * @param isBetweenEvents whether the last line was empty, or nothing has been written
 * @param isLineEmpty whether nothing stands in the current line
 * @param afterReturn whether an LF would belong to the CR before it
 */
record EventBoundary(boolean isBetweenEvents, boolean isLineEmpty, boolean afterReturn) {
  static final EventBoundary START = new EventBoundary(true, true, false);

  EventBoundary after(byte[] bytes, int offset, int length) {
    boolean between = isBetweenEvents;
    boolean empty = isLineEmpty;
    boolean afterCr = afterReturn;
    for (int i = offset; i < offset + length; i++) {
      byte b = bytes[i];
      if (b == '\n' && afterCr) {
        afterCr = false;
        continue;
      }
      afterCr = b == '\r';
      boolean endsLine = b == '\n' || b == '\r';
      between = endsLine && empty;
      empty = endsLine;
    }
    return new EventBoundary(between, empty, afterCr);
  }
}
