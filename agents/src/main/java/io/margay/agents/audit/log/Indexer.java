package io.margay.agents.audit.log;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the indexes of full segments beside the log, giving way to it. None is needed for the log
 * to go on: a question makes an index that is missing.
 */
final class Indexer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Indexer.class);

  private final LogFiles files;

  /** Of the thread that calls. */
  private final List<Thread> running = new ArrayList<>();

  private volatile boolean isClosed;

  Indexer(LogFiles files) {
    this.files = files;
  }

  /** Begins with a segment. */
  void begin(long first) {
    running.removeIf(thread -> !thread.isAlive());
    // Of its own, since it would keep calls from a processor if virtual.
    running.add(Thread.ofPlatform().name("audit-index").daemon().start(() -> index(first)));
  }

  private void index(long first) {
    GivingWay pace = new GivingWay();
    try {
      StoredIndex.of(
          files,
          first,
          () -> {
            if (isClosed) {
              throw new CancellationException("the log is being closed");
            }
            pace.run();
          });
    } catch (CancellationException e) {
      log.debug("the index of the segment from record {} on is left to the next question", first);
    } catch (IOException | RuntimeException e) {
      log.warn("the index of the segment from record {} on was not made", first, e);
    }
  }

  /** Lets go of indexes that are not finished; nothing is written to the log's folder after it. */
  @Override
  public void close() {
    isClosed = true;
    try {
      for (Thread thread : running) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
