package io.margay.kernel.libc;

import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor that this process owns; closing it twice is harmless. */
public final class Fd implements AutoCloseable {
  private final int number;
  private final String what;
  private final AtomicBoolean closed = new AtomicBoolean();

  Fd(int number, String what) {
    this.number = number;
    this.what = what;
  }

  /**
   * The descriptor's number.
   *
   * @throws IllegalStateException when it is closed, because the number may be another file by now
   */
  public int number() {
    if (closed.get()) {
      throw new IllegalStateException(what + " is closed");
    }
    return number;
  }

  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      Libc.close(number);
    }
  }

  @Override
  public String toString() {
    return what + "#" + number;
  }
}
