package io.margay.flows.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a stream is in the flows of one process: {@code LIFE-VERSION-SECOND}. The position in those
 * of several is one of each, with dots between, and each process knows its own by its life.
 *
 * @param life of the process
 * @param version of its history that was told
 * @param second when, since the epoch
 */
record StreamPosition(String life, long version, long second) {
  private static final Pattern ONE = Pattern.compile("([0-9a-f]{8})-(\\d{1,18})-(\\d{1,12})");

  /** More processes share no flows. */
  private static final int MOST = 100;

  Instant at() {
    return Instant.ofEpochSecond(second);
  }

  /** Reads a position; empty if it is none. */
  static List<StreamPosition> parseAll(String text) {
    List<StreamPosition> parts = new ArrayList<>();
    for (String part : text.split("\\.", MOST + 1)) {
      Matcher one = ONE.matcher(part);
      if (!one.matches() || parts.size() == MOST) {
        return List.of();
      }
      parts.add(
          new StreamPosition(
              one.group(1), Long.parseLong(one.group(2)), Long.parseLong(one.group(3))));
    }
    return parts;
  }

  static Instant earliest(List<StreamPosition> parts) {
    return parts.stream().map(StreamPosition::at).min(Comparator.naturalOrder()).orElseThrow();
  }

  @Override
  public String toString() {
    return life + "-" + version + "-" + second;
  }
}
