package io.margay.agents.gateway.gate;

import io.margay.agents.call.Caller;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** The calls that are under way, so that those of a halted agent can be cut off at once. */
public final class OpenCalls {
  private final Set<Open> calls = ConcurrentHashMap.newKeySet();

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
      calls.remove(this);
    }
  }

  /** Notes a call of the current thread. */
  public Open begin(Caller caller) {
    Open call = new Open(caller);
    calls.add(call);
    return call;
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
}
