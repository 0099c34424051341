package io.margay.bench.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the answers on a connection, lines and then bodies. Looks for whole lines in what has come
 * instead of asking for one byte after the other, which cost a lock each.
 */
final class AnswerReader {
  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int from;
  private int to;

  AnswerReader(InputStream in) {
    this.in = in;
  }

  /** Without its end; empty for the line that ends the headers. */
  String line() throws IOException {
    int seen = from;
    while (true) {
      while (seen < to && buffer[seen] != '\n') {
        seen++;
      }
      if (seen < to) {
        break;
      }
      seen -= from;
      more();
      seen += from;
    }
    int end = seen > from && buffer[seen - 1] == '\r' ? seen - 1 : seen;
    String line = new String(buffer, from, end - from, StandardCharsets.ISO_8859_1);
    from = seen + 1;
    return line;
  }

  /** Reads what follows the line before, and gives it. */
  byte[] take(int bytes) throws IOException {
    while (to - from < bytes) {
      more();
    }
    from += bytes;
    return Arrays.copyOfRange(buffer, from - bytes, from);
  }

  /** As {@link #take}, without giving it. */
  void skip(long bytes) throws IOException {
    long left = bytes;
    while (left > to - from) {
      left -= to - from;
      from = to;
      more();
    }
    from += (int) left;
  }

  /** What has come of the rest, to tell what an answer was that was not expected. */
  String rest() {
    return new String(buffer, from, to - from, StandardCharsets.UTF_8);
  }

  private void more() throws IOException {
    System.arraycopy(buffer, from, buffer, 0, to - from);
    to -= from;
    from = 0;
    if (to == buffer.length) {
      throw new IOException("a line or an event longer than " + buffer.length + " bytes");
    }
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      throw new IOException("the connection was closed");
    }
    to += count;
  }
}
