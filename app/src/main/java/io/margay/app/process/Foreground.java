package io.margay.app.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a command does in the foreground until its time is over or somebody stops it. On Ctrl-C and
 * kill the process waits until everything was stopped in order.
 */
public final class Foreground implements AutoCloseable {
  private static final Duration CLEANING = Duration.ofSeconds(20);

  private final Running running = new Running();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch cleaned = new CountDownLatch(1);

  private Foreground() {}

  /** From here on signals lead to an orderly end. */
  public static Foreground begin() {
    Foreground foreground = new Foreground();
    Runtime.getRuntime().addShutdownHook(new Thread(foreground::endWell));
    return foreground;
  }

  /** What to stop at the end. */
  public Running running() {
    return running;
  }

  /** Waits for the end; true when it has come. */
  public boolean awaitEnd(Duration patience) throws InterruptedException {
    return asked.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits for the end, however long it takes. */
  public void awaitEnd() throws InterruptedException {
    asked.await();
  }

  private void endWell() {
    asked.countDown();
    try {
      if (!cleaned.await(CLEANING.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("stopping takes too long: giving up on an orderly end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops everything. */
  @Override
  public void close() {
    try {
      running.close();
    } finally {
      cleaned.countDown();
    }
  }
}
