package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written. The writer is woken at once for entries that a call waits for; others
 * go with them, or after {@link #LATER} when none come.
 */
final class EntryQueue {
  private static final int MAX_BATCH = 1_024;
  private static final int MAX_BATCH_BYTES = 8 << 20;
  private static final long LATER = TimeUnit.MILLISECONDS.toNanos(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by the lock.
  private List<Entry> waiting = new ArrayList<>();
  private boolean isUrgent;
  private boolean isWriterAsleep;
  private boolean isClosing;
  private Optional<IOException> failure = Optional.empty();

  /**
   * Adds an entry.
   *
   * @param isUrgent whether a call waits for it
   */
  void add(Entry entry, boolean isUrgent) throws AuditUnavailableException {
    lock.lock();
    try {
      if (failure.isPresent()) {
        throw new AuditUnavailableException(
            "the audit log failed and has to be opened again: " + failure.get().getMessage(),
            failure.get());
      }
      if (isClosing) {
        throw new AuditUnavailableException("the audit log is closed");
      }
      waiting.add(entry);
      boolean wasUrgent = this.isUrgent;
      this.isUrgent |= isUrgent;
      if (isWriterAsleep || this.isUrgent != wasUrgent) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next batch, once there is one; empty when the queue is closed and nothing waits. For one
   * thread.
   */
  List<Entry> take(int room) {
    lock.lock();
    try {
      awaitBatch();
      int count = 0;
      int bytes = 0;
      while (count < Math.min(Math.min(room, MAX_BATCH), waiting.size())
          && bytes < MAX_BATCH_BYTES) {
        bytes += waiting.get(count).event().length;
        count++;
      }
      List<Entry> batch = List.copyOf(waiting.subList(0, count));
      waiting = new ArrayList<>(waiting.subList(count, waiting.size()));
      // What is left comes at once with the next batch, whatever it is.
      isUrgent = !waiting.isEmpty();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void awaitBatch() {
    long patience = LATER;
    while (!isUrgent && !isClosing && (patience > 0 || waiting.isEmpty())) {
      if (patience > 0) {
        patience = await(patience);
      } else {
        isWriterAsleep = true;
        changed.awaitUninterruptibly();
        isWriterAsleep = false;
        patience = LATER;
      }
    }
  }

  private long await(long nanos) {
    try {
      return changed.awaitNanos(nanos);
    } catch (InterruptedException e) {
      // Nobody interrupts the writer; if somebody does, it only writes earlier.
      return 0;
    }
  }

  /** Takes no more; those who wait are told why. */
  void fail(IOException cause) {
    lock.lock();
    try {
      failure = Optional.of(cause);
      isClosing = true;
      waiting.forEach(entry -> entry.written().completeExceptionally(cause));
      waiting = new ArrayList<>();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more; what waits is still given out. */
  void close() {
    lock.lock();
    try {
      isClosing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
