package io.margay.app.cli;

import io.margay.app.process.TableObserver;
import io.margay.policy.table.TableDelta;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something once, when a node enforces its policies for the first time. */
final class FirstProgrammed implements TableObserver {
  private final Runnable then;
  private final AtomicBoolean done = new AtomicBoolean();

  FirstProgrammed(Runnable then) {
    this.then = then;
  }

  @Override
  public void applying(TableDelta delta) {}

  @Override
  public void applied() {
    if (done.compareAndSet(false, true)) {
      then.run();
    }
  }
}
