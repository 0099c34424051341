package io.margay.app.lab.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Lets every conversation happen again and again, and holds each call against the engine's verdict.
 * One virtual thread for each conversation.
 */
public final class TrafficDriver implements AutoCloseable {
  /** How long a call waits that should get through: only a broken network takes longer. */
  private static final int PATIENCE_MILLIS = 5_000;

  /** How long a call waits that should not: enough for a second try of the kernel. */
  private static final int SHORT_PATIENCE_MILLIS = 1_200;

  private static final int REMEMBERED_MISMATCHES = 20;

  private final Traffic traffic;
  private final VerdictLedger ledger;
  private final Duration pause;
  private final List<Thread> callers = new ArrayList<>();
  private final LongAdder tried = new LongAdder();
  private final LongAdder through = new LongAdder();
  private final LongAdder mismatched = new LongAdder();
  private final Queue<String> mismatches = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  private TrafficDriver(Traffic traffic, VerdictLedger ledger, Duration pause) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.pause = pause;
  }

  /**
   * Starts all conversations.
   *
   * @param pause between two calls of one conversation
   */
  public static TrafficDriver start(
      Traffic traffic, VerdictLedger ledger, List<Conversation> conversations, Duration pause) {
    TrafficDriver driver = new TrafficDriver(traffic, ledger, pause);
    for (Conversation conversation : conversations) {
      driver.callers.add(Thread.startVirtualThread(() -> driver.converse(conversation)));
    }
    return driver;
  }

  /**
   * What has happened so far.
   *
   * @param through calls that got an answer or a refusal from the far side
   * @param mismatches calls that ended otherwise than every valid verdict said
   * @param examples the first of them in words
   */
  public record Statistics(long tried, long through, long mismatches, List<String> examples) {}

  public Statistics statistics() {
    return new Statistics(tried.sum(), through.sum(), mismatched.sum(), List.copyOf(mismatches));
  }

  private void converse(Conversation conversation) {
    try {
      // Not all at once: a start in step would stay in step.
      Thread.sleep(pause.multipliedBy(ThreadLocalRandom.current().nextInt(100)).dividedBy(100));
      while (!stopped) {
        callOnce(conversation);
        Thread.sleep(pause);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void callOnce(Conversation conversation) {
    Attempt attempt = new Attempt(conversation);
    Reach reach = traffic.call(conversation, attempt::begin);
    if (stopped) {
      return; // The network may have been taken away under the call.
    }
    tried.increment();
    if (reach.through()) {
      through.increment();
    }
    if (!attempt.agrees(reach)) {
      mismatched.increment();
      if (mismatches.size() < REMEMBERED_MISMATCHES) {
        mismatches.add(conversation.from() + ", " + conversation.call() + ": " + reach);
      }
    }
  }

  /** One call and what is expected of it. */
  private final class Attempt {
    private final Conversation conversation;
    private @org.jspecify.annotations.Nullable Expectation expectation;

    Attempt(Conversation conversation) {
      this.conversation = conversation;
    }

    int begin(int sourcePort) {
      expectation = ledger.begin(conversation, sourcePort);
      return ledger.forbids(conversation) ? SHORT_PATIENCE_MILLIS : PATIENCE_MILLIS;
    }

    boolean agrees(Reach reach) {
      return expectation != null && ledger.end(expectation, reach);
    }
  }

  /** Stops all conversations and waits for their last calls, whose end does not count. */
  @Override
  public void close() {
    stopped = true;
    callers.forEach(Thread::interrupt);
    for (Thread caller : callers) {
      try {
        caller.join(Duration.ofMillis(PATIENCE_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
