package io.margay.flows.collect;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Updates from their making to their acknowledgement, in order.
 *
 * <pre>
 *   append ─► files ─► waiting ─► take ─► sent ─► acknowledge
 *             (only what does       ▲       │
 *              not fit in memory)   └rewind─┘
 * </pre>
 *
 * <p>Thread-safe. Nothing waits for room: what fits neither in memory nor on disk is dropped,
 * newest first, and counted.
 */
final class Spool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Spool.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final SpoolLimits limits;
  private final DropCounters drops;
  private final SpoolFiles files;
  private final Deque<FlowUpdate> waiting = new ArrayDeque<>();
  private final Deque<FlowUpdate> sent = new ArrayDeque<>();
  private boolean complained;

  /**
   * @param folder of this spool alone; what an earlier process left there comes first
   */
  Spool(Path folder, String node, SpoolLimits limits, DropCounters drops) throws IOException {
    this.limits = limits;
    this.drops = drops;
    this.files = new SpoolFiles(folder, node, limits.bytesInFile());
  }

  /** Adds updates at the end. */
  void append(List<FlowUpdate> updates) {
    lock.lock();
    try {
      boolean fits = waiting.size() + sent.size() + updates.size() <= limits.updatesInMemory();
      if (fits && files.isEmpty()) {
        waiting.addAll(updates);
      } else {
        toDisk(updates);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void toDisk(List<FlowUpdate> updates) {
    if (files.bytes() >= limits.bytesOnDisk()) {
      drops.count(DropReason.SPOOL_FULL, updates.size());
      return;
    }
    try {
      files.append(updates);
      complained = false;
    } catch (IOException e) {
      failed("cannot be written", updates.size(), e);
    }
  }

  private void failed(String what, int updates, IOException e) {
    drops.count(DropReason.SPOOL_FAILED, updates);
    if (!complained) {
      complained = true;
      log.warn("the spool of flow records {}: {}", what, e.toString());
    }
  }

  /**
   * Takes up to {@code most} updates to send, as long as fewer than {@code window} are sent and not
   * acknowledged; waits for one if there is none.
   */
  List<FlowUpdate> take(int most, int window, Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      refill();
      while ((waiting.isEmpty() || sent.size() >= window) && left > 0) {
        left = changed.awaitNanos(left);
        refill();
      }
      List<FlowUpdate> taken = new ArrayList<>();
      while (!waiting.isEmpty() && taken.size() < most && sent.size() < window) {
        FlowUpdate update = waiting.poll();
        taken.add(update);
        sent.add(update);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void refill() {
    while (waiting.isEmpty() && !files.isEmpty()) {
      try {
        waiting.addAll(files.takeOldest());
      } catch (IOException e) {
        failed("cannot be read back", 1, e);
      }
    }
  }

  /** The oldest update that was sent has arrived for good. */
  void acknowledge() {
    lock.lock();
    try {
      sent.poll();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What was sent and not acknowledged will be sent again: the connection broke. */
  void rewind() {
    lock.lock();
    try {
      while (!sent.isEmpty()) {
        waiting.addFirst(sent.pollLast());
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sizes, for the status. */
  record Fill(int updatesInMemory, long bytesOnDisk) {}

  Fill fill() {
    lock.lock();
    try {
      return new Fill(waiting.size() + sent.size(), files.bytes());
    } finally {
      lock.unlock();
    }
  }

  /** Waits until everything is acknowledged, and returns whether that came to be. */
  boolean awaitEmpty(Duration patience) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = patience.toNanos();
      while (!(waiting.isEmpty() && sent.isEmpty() && files.isEmpty()) && left > 0) {
        left = changed.awaitNanos(left);
      }
      return left > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Writes what is not acknowledged to the disk for the next process. */
  @Override
  public void close() {
    rewind();
    lock.lock();
    try {
      files.prepend(List.copyOf(waiting));
      waiting.clear();
      files.close();
    } catch (IOException e) {
      failed("cannot be written", waiting.size(), e);
    } finally {
      lock.unlock();
    }
  }
}
