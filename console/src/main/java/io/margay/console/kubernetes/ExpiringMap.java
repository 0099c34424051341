package io.margay.console.kubernetes;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Remembers answers for a short time, so that a page with many requests asks once. Thread-safe. */
final class ExpiringMap<K, V> {
  private static final int MOST = 10_000;

  private final Duration keep;
  private final InstantSource clock;
  private final Map<K, Kept<V>> values = new LinkedHashMap<>();

  private record Kept<V>(V value, Instant until) {}

  ExpiringMap(Duration keep, InstantSource clock) {
    this.keep = keep;
    this.clock = clock;
  }

  /** The remembered answer, or a new one; what fails is not remembered. */
  V get(K key, Supplier<V> ask) {
    Instant now = clock.instant();
    synchronized (values) {
      Kept<V> kept = values.get(key);
      if (kept != null && kept.until().isAfter(now)) {
        return kept.value();
      }
    }
    V value = ask.get();
    synchronized (values) {
      values.remove(key);
      if (values.size() >= MOST) {
        values.remove(values.keySet().iterator().next());
      }
      values.put(key, new Kept<>(value, now.plus(keep)));
    }
    return value;
  }
}
