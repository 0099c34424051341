package io.margay.agents.audit.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Rests three times as long as it was worked between two runs: work that has time takes a quarter
 * of a processor, and calls that are waiting get the rest. Of one thread.
 */
final class GivingWay implements Runnable {
  private static final long WORK = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int REST = 3;

  private long since = System.nanoTime();

  @Override
  public void run() {
    long worked = System.nanoTime() - since;
    if (worked >= WORK) {
      LockSupport.parkNanos(REST * worked);
      since = System.nanoTime();
    }
  }
}
