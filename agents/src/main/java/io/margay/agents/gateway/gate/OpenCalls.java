package io.margay.agents.gateway.gate;

import io.margay.agents.call.Caller;
import io.margay.agents.gateway.http.Refusal;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that are under way, so that those of a halted agent can be cut off at once. There may
 * be so many and no more: each takes memory and two connections.
 */
public final class OpenCalls {
  private static final Logger log = LoggerFactory.getLogger(OpenCalls.class);
  private static final Duration TELL = Duration.ofSeconds(10);
  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final int most;
  private final Semaphore room;
  private final Set<Open> calls = ConcurrentHashMap.newKeySet();
  private final AtomicLong refused = new AtomicLong();
  private final AtomicLong told = new AtomicLong(System.nanoTime() - TELL.toNanos());

  /**
   * @param most how many may be under way at a time
   */
  public OpenCalls(int most) {
    this.most = most;
    this.room = new Semaphore(most);
  }

  /** A call under way; closed when it has ended. */
  public final class Open implements AutoCloseable {
    private final Caller caller;
    private final Thread thread = Thread.currentThread();
    private final AtomicBoolean cut = new AtomicBoolean();
    private volatile Runnable end = () -> {};

    private Open(Caller caller) {
      this.caller = caller;
    }

    /** What ends the call's waiting: closes its streams. */
    public void onCut(Runnable action) {
      end = action;
      if (cut.get()) {
        action.run();
      }
    }

    /** Whether the call was cut off. */
    public boolean isCut() {
      return cut.get();
    }

    private void cut() {
      if (cut.compareAndSet(false, true)) {
        end.run();
        thread.interrupt();
      }
    }

    @Override
    public void close() {
      if (calls.remove(this)) {
        room.release();
      }
    }
  }

  /**
   * Notes a call of the current thread.
   *
   * @throws Refusal when there are as many as there may be
   */
  public Open begin(Caller caller) throws Refusal {
    if (!room.tryAcquire()) {
      tell(refused.incrementAndGet());
      throw new Refusal(
          503,
          "the gateway has %d calls under way and takes no more at a time: call again later"
              .formatted(most),
          SOON);
    }
    Open call = new Open(caller);
    calls.add(call);
    return call;
  }

  /** Who is refused calls again at once: not each one is a line in the log. */
  private void tell(long count) {
    long now = System.nanoTime();
    long last = told.get();
    if (now - last >= TELL.toNanos() && told.compareAndSet(last, now)) {
      log.warn("{} calls are under way, the most there may be; {} were refused", most, count);
    }
  }

  /** Cuts off all calls of these callers; gives how many there were. */
  public int cut(Predicate<Caller> whose) {
    int count = 0;
    for (Open call : calls) {
      if (whose.test(call.caller)) {
        call.cut();
        count++;
      }
    }
    return count;
  }

  public int size() {
    return calls.size();
  }

  /** Calls that were refused since there were too many. */
  public long refused() {
    return refused.get();
  }
}
