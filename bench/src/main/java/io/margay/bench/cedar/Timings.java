package io.margay.bench.cedar;

import java.util.Arrays;

/** Times of single decisions, in nanoseconds. */
final class Timings {
  private long[] nanos = new long[1024];
  private int count;

  void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = time;
  }

  int count() {
    return count;
  }

  /**
   * The time below which a part of all lies, in microseconds.
   *
   * @param part 0 to 1
   */
  double micros(double part) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1L, Math.round(part * (count - 1)))] / 1e3;
  }
}
