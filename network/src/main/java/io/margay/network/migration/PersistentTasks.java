package io.margay.network.migration;

import io.margay.store.StoreException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the store, one after another in the order in which they were asked for. While the API
 * does not answer, the first of them is tried again and the others wait.
 */
final class PersistentTasks implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PersistentTasks.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("migration-records").factory());
  private final AtomicLong refused = new AtomicLong();

  /**
   * Does it when its turn comes, and again until the API answers.
   *
   * @param what it is, for messages
   */
  void submit(String what, Runnable task) {
    if (!thread.isShutdown()) {
      thread.execute(() -> run(what, task));
    }
  }

  private void run(String what, Runnable task) {
    Duration pause = FIRST_PAUSE;
    while (!thread.isShutdown()) {
      try {
        task.run();
        return;
      } catch (StoreException e) {
        if (e.reason() != StoreException.Reason.UNAVAILABLE) {
          giveUp(what, e);
          return;
        }
        log.warn("{} waits for the API: {}", what, e.getMessage());
      } catch (RuntimeException e) {
        giveUp(what, e);
        return;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  private void giveUp(String what, RuntimeException reason) {
    refused.incrementAndGet();
    log.error("{} was refused", what, reason);
  }

  /** How many were refused for good. */
  long refused() {
    return refused.get();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(10, TimeUnit.SECONDS)) {
        log.warn("the API has not answered for ten seconds");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
