package io.margay.flows.collect;

import io.margay.flows.FlowKey;
import io.margay.flows.goldmane.WireToFlow.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds what clients that do not number their updates send again. After every reconnection Felix
 * repeats the flows of the last five minutes. Goldmane's rule: the same key with the same start and
 * end from the same client is the same flow. Thread-safe.
 */
final class ForeignDeduplication {
  /** As long as Felix remembers what it sent. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private final int most;
  private final AtomicLong repeated = new AtomicLong();

  /** When each was seen, oldest first. */
  private final Map<Seen, Instant> seen = new LinkedHashMap<>();

  private record Seen(String client, FlowKey key, Instant start, Instant end) {}

  /**
   * @param most that are remembered; beyond it the oldest are forgotten before their time
   */
  ForeignDeduplication(int most) {
    this.most = most;
  }

  /** Whether this is news; from then on it is not. */
  synchronized boolean isNew(String client, Received flow, Instant now) {
    forget(now);
    boolean isNew =
        seen.putIfAbsent(new Seen(client, flow.key(), flow.start(), flow.end()), now) == null;
    if (!isNew) {
      repeated.incrementAndGet();
    }
    return isNew;
  }

  /** It was not stored after all, and will be sent again. */
  synchronized void forget(String client, Iterable<Received> flows) {
    for (Received flow : flows) {
      seen.remove(new Seen(client, flow.key(), flow.start(), flow.end()));
    }
  }

  private void forget(Instant now) {
    Instant oldest = now.minus(REMEMBERED);
    Iterator<Instant> times = seen.values().iterator();
    while (times.hasNext()) {
      if (!times.next().isBefore(oldest) && seen.size() < most) {
        return;
      }
      times.remove();
    }
  }

  /** How many flows came again and were passed over. */
  long repeated() {
    return repeated.get();
  }
}
