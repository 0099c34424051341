package io.margay.model.resource;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as the APIs of Kubernetes write them: {@code 2m30s}, {@code 24h0m0s}, {@code 1.5h}. */
public final class GoDuration {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ns|us|µs|ms|s|m|h)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /**
   * Reads a duration that is longer than nothing.
   *
   * @throws IllegalArgumentException for anything else
   */
  public static Duration parse(String text) {
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    int end = 0;
    while (end < text.length() && part.find(end) && part.start() == end) {
      nanos =
          nanos.add(
              new BigDecimal(part.group(1))
                  .multiply(BigDecimal.valueOf(NANOS.getOrDefault(part.group(2), 0L))));
      end = part.end();
    }
    BigDecimal longest = BigDecimal.valueOf(Long.MAX_VALUE);
    if (end < text.length() || nanos.signum() <= 0 || nanos.compareTo(longest) > 0) {
      throw new IllegalArgumentException("not a duration like 2m30s or 24h");
    }
    return Duration.ofNanos(nanos.longValue());
  }
}
