package io.margay.flows.collect;

import io.margay.flows.goldmane.WireToFlow.Received;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds what clients that do not number their updates send again. After every reconnection Felix
 * repeats the flows of the last five minutes. Goldmane's rule: the same key with the same start and
 * end from the same client is the same flow. With a file, also after a restart. Thread-safe.
 */
final class ForeignDeduplication {
  /** As long as Felix remembers what it sent. */
  private static final Duration REMEMBERED = Duration.ofMinutes(5);

  private final int most;
  private final @Nullable SeenFile file;
  private final AtomicLong repeated = new AtomicLong();

  /** When each was seen, oldest first. */
  private final Map<Seen, Instant> seen = new LinkedHashMap<>();

  /** Stands for a client with a flow's key, start and end: half of a SHA-256. */
  record Seen(long high, long low) {
    static Seen of(String client, Received flow) {
      String text = client + "\n" + flow.key() + "\n" + flow.start() + "\n" + flow.end();
      try {
        ByteBuffer digest =
            ByteBuffer.wrap(
                MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        return new Seen(digest.getLong(), digest.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }
  }

  /**
   * @param most that are remembered; beyond it the oldest are forgotten before their time
   * @param file where what was stored is remembered; null to remember it in memory only
   */
  ForeignDeduplication(int most, @Nullable SeenFile file) {
    this.most = most;
    this.file = file;
    if (file != null) {
      file.read(seen);
    }
  }

  /** Whether this is news; from then on it is not. */
  synchronized boolean isNew(String client, Received flow, Instant now) {
    forget(now);
    boolean isNew = seen.putIfAbsent(Seen.of(client, flow), now) == null;
    if (!isNew) {
      repeated.incrementAndGet();
    }
    return isNew;
  }

  /** It was stored: a later process must know it, too. To be called before the receipt is given. */
  synchronized void stored(String client, Iterable<Received> flows, Instant now) {
    if (file != null && flows.iterator().hasNext()) {
      for (Received flow : flows) {
        file.add(Seen.of(client, flow), now);
      }
      file.write(seen);
    }
  }

  /** It was not stored after all, and will be sent again. */
  synchronized void forget(String client, Iterable<Received> flows) {
    for (Received flow : flows) {
      seen.remove(Seen.of(client, flow));
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
