package io.margay.flows;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what was dropped. Thread-safe. */
public final class DropCounters {
  private final Map<DropReason, LongAdder> counters = new EnumMap<>(DropReason.class);

  public DropCounters() {
    for (DropReason reason : DropReason.values()) {
      counters.put(reason, new LongAdder());
    }
  }

  public void count(DropReason reason, long howMany) {
    adder(reason).add(howMany);
  }

  public long get(DropReason reason) {
    return adder(reason).sum();
  }

  /** All counts, those that are zero too. */
  public Map<DropReason, Long> snapshot() {
    Map<DropReason, Long> counts = new EnumMap<>(DropReason.class);
    counters.forEach((reason, adder) -> counts.put(reason, adder.sum()));
    return Map.copyOf(counts);
  }

  @SuppressWarnings("NullAway") // The constructor makes one for every reason.
  private LongAdder adder(DropReason reason) {
    return counters.get(reason);
  }
}
