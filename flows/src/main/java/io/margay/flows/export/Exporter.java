package io.margay.flows.export;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings flows to one target, on a thread of its own. They wait in a bounded queue; while the
 * target does not take them, new ones that do not fit are dropped and counted.
 */
public final class Exporter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Exporter.class);
  private static final int AT_ONCE = 1_000;
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration LAST_WORDS = Duration.ofSeconds(3);

  private final ExportTarget target;
  private final int most;
  private final Deque<ExportedFlow> queue = new ArrayDeque<>();
  private final LongAdder sent = new LongAdder();
  private final LongAdder full = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder unsent = new LongAdder();
  private final Thread thread;
  private boolean closing;

  private Exporter(ExportTarget target, int most) {
    this.target = target;
    this.most = most;
    this.thread = Thread.ofPlatform().daemon().name("export-" + target.name()).unstarted(this::run);
  }

  /**
   * Starts to export.
   *
   * @param target becomes this exporter's own, which closes it
   * @param most flows that wait
   */
  public static Exporter start(ExportTarget target, int most) {
    Exporter exporter = new Exporter(target, most);
    exporter.thread.start();
    return exporter;
  }

  /** Takes flows without waiting. */
  public synchronized void offer(List<ExportedFlow> flows) {
    int room = Math.max(0, most - queue.size());
    queue.addAll(flows.subList(0, Math.min(room, flows.size())));
    full.add(Math.max(0, flows.size() - room));
    notifyAll();
  }

  /**
   * Figures since the start.
   *
   * @param full dropped because too many waited
   * @param refused not wanted by the target
   * @param unsent dropped at the end, because the target did not take them
   */
  public record Statistics(
      String target, long sent, int waiting, long full, long refused, long unsent) {}

  public synchronized Statistics statistics() {
    return new Statistics(
        target.name(), sent.sum(), queue.size(), full.sum(), refused.sum(), unsent.sum());
  }

  private void run() {
    Duration pause = SHORTEST_PAUSE;
    try {
      List<ExportedFlow> batch = next();
      while (!batch.isEmpty()) {
        try {
          int unwanted = target.send(batch);
          refused.add(unwanted);
          sent.add(batch.size() - unwanted);
          batch = List.of();
          pause = SHORTEST_PAUSE;
        } catch (IOException e) {
          if (pause.equals(SHORTEST_PAUSE)) {
            log.warn("flows are not taken by {}: {}; trying on", target.name(), e.getMessage());
          }
          if (!waitBeforeNextTry(pause)) {
            unsent.add(batch.size());
            return;
          }
          pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
        }
        if (batch.isEmpty()) {
          batch = next();
        }
      }
    } catch (InterruptedException e) {
      log.debug("{} ends", target.name()); // close() wants us to end
    } finally {
      target.close();
    }
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The next flows; none when it is over. */
  private synchronized List<ExportedFlow> next() throws InterruptedException {
    while (queue.isEmpty() && !closing) {
      wait();
    }
    List<ExportedFlow> batch = new ArrayList<>();
    while (!queue.isEmpty() && batch.size() < AT_ONCE) {
      batch.add(queue.poll());
    }
    return batch;
  }

  /** Waits, and returns whether there is to be a next try. */
  private synchronized boolean waitBeforeNextTry(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    long left = pause.toMillis();
    while (left > 0 && !closing) {
      wait(left);
      left = Duration.ofNanos(end - System.nanoTime()).toMillis();
    }
    return !closing;
  }

  /** Sends what waits if the target takes it. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    try {
      if (!thread.join(LAST_WORDS)) {
        thread.interrupt();
        thread.join(LAST_WORDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      unsent.add(queue.size());
      queue.clear();
    }
    Statistics now = statistics();
    if (now.unsent() > 0) {
      log.warn("{} flows were not taken by {} before the end", now.unsent(), now.target());
    }
  }
}
