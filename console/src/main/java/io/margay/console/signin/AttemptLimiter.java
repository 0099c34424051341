package io.margay.console.signin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down guessing: after some failures for one key, an address or a name, all attempts for it
 * wait until a window has passed. Thread-safe.
 */
final class AttemptLimiter {
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_KEYS = 10_000;

  private final InstantSource clock;
  private final Map<String, Failures> failures = new LinkedHashMap<>();

  private record Failures(int count, Instant since) {}

  AttemptLimiter(InstantSource clock) {
    this.clock = clock;
  }

  /** How long to wait before the next attempt; zero if none is needed. */
  synchronized Duration wait(String key, int most) {
    Failures seen = failures.get(key);
    if (seen == null || seen.count() < most) {
      return Duration.ZERO;
    }
    Duration left = Duration.between(clock.instant(), seen.since().plus(WINDOW));
    if (!left.isPositive()) {
      failures.remove(key);
      return Duration.ZERO;
    }
    return left;
  }

  synchronized void failed(String key) {
    Instant now = clock.instant();
    Failures seen = failures.remove(key);
    boolean fresh = seen == null || seen.since().plus(WINDOW).isBefore(now);
    if (failures.size() >= MOST_KEYS) {
      failures.remove(failures.keySet().iterator().next());
    }
    failures.put(
        key, fresh || seen == null ? new Failures(1, now) : new Failures(seen.count() + 1, now));
  }

  synchronized void succeeded(String key) {
    failures.remove(key);
  }
}
