package io.margay.flows.collect;

import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes every numbered update exactly once. A sender repeats what was not acknowledged, perhaps
 * over a second connection while the first one's last updates are still being stored, so a sender's
 * updates are stored one batch after another, and what has a number that was stored is passed over.
 */
final class SenderLedger {
  /**
   * Every life of a node's process is one. A client that makes them up must not fill the memory.
   */
  private static final int MOST_SENDERS = 100_000;

  /** Where updates wait for room, which must not be the thread that makes room. */
  private static final Executor STORING = Executors.newVirtualThreadPerTaskExecutor();

  private final FlowIngest ingest;
  private final Map<String, Line> lines = new ConcurrentHashMap<>();
  private final AtomicLong repeated = new AtomicLong();

  /**
   * One sender's updates.
   *
   * <p>The last number is read and written by one batch after the other.
   */
  private static final class Line {
    volatile long last;
    CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);

    Line(long last) {
      this.last = last;
    }
  }

  SenderLedger(FlowIngest ingest) {
    this.ingest = ingest;
    ingest.lastSequences().forEach((sender, last) -> lines.put(sender, new Line(last)));
  }

  /** Stores a batch of one sender; the future is as {@link FlowIngest#accept}'s. */
  CompletableFuture<Void> accept(String sender, List<FlowUpdate> updates) {
    if (lines.size() >= MOST_SENDERS && !lines.containsKey(sender)) {
      return CompletableFuture.failedFuture(
          new IllegalStateException("there are " + MOST_SENDERS + " senders already"));
    }
    Line line = lines.computeIfAbsent(sender, _ -> new Line(0));
    synchronized (line) {
      // A batch that failed is sent again: its failure is not the next one's.
      line.tail =
          line.tail.exceptionally(_ -> null).thenComposeAsync(_ -> store(line, updates), STORING);
      return line.tail;
    }
  }

  private CompletableFuture<Void> store(Line line, List<FlowUpdate> updates) {
    long before = line.last;
    List<FlowUpdate> news =
        updates.stream().filter(update -> update.origin().sequence() > before).toList();
    repeated.addAndGet(updates.size() - news.size());
    if (news.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    long last = news.getLast().origin().sequence();
    return ingest.accept(news).thenRun(() -> line.last = Math.max(before, last));
  }

  /** How many updates came again and were passed over. */
  long repeated() {
    return repeated.get();
  }
}
