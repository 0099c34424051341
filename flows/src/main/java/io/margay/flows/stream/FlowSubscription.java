package io.margay.flows.stream;

import io.margay.flows.history.FlowHistory;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A reader's end of a stream. Batches wait in a bounded queue; a reader that lets it fill up is cut
 * off, since nobody waits for readers.
 */
public final class FlowSubscription implements AutoCloseable {
  private final Mode mode;
  private final FlowHistory start;
  private final BlockingQueue<FlowBatch> batches;
  private final Consumer<FlowSubscription> onClose;
  private volatile boolean cut;

  /** What a stream is told. */
  public enum Mode {
    /** A flow whenever it changed, a few times in a second at most. */
    LIVE,
    /** Every flow once, when its bucket has closed. */
    CLOSED_BUCKETS
  }

  FlowSubscription(
      Mode mode, FlowHistory start, int queuedBatches, Consumer<FlowSubscription> onClose) {
    this.mode = mode;
    this.start = start;
    this.batches = new ArrayBlockingQueue<>(queuedBatches);
    this.onClose = onClose;
  }

  Mode mode() {
    return mode;
  }

  /** The view of everything that was known before the first batch. */
  public FlowHistory start() {
    return start;
  }

  /** Hands over a batch, and returns whether there was room for it. */
  boolean offer(FlowBatch batch) {
    boolean taken = batches.offer(batch);
    if (!taken) {
      cutOff();
    }
    return taken;
  }

  /** Ends the stream from this side. */
  void cutOff() {
    cut = true;
  }

  /** The next batch, or null when none came in time. */
  public @Nullable FlowBatch poll(Duration timeout) throws InterruptedException {
    return batches.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether batches were missed: the stream is over, and the reader should begin a new one. */
  public boolean isCut() {
    return cut;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
