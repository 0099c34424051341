package io.margay.agents.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A stream of events on its way to a client. Over HTTP/1.1 nobody hears that a client has gone
 * before something is written to it; so when a stream is quiet, an empty comment is, which readers
 * pass over. The first one after a client's end may still look well, the second does not.
 */
public final class ProbedEvents implements AutoCloseable {
  private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  /** CR LF CR LF: how long the end of an event can be. */
  private static final int LONGEST_END = 4;

  private final OutputStream out;
  private final Duration quietFor;
  private final Runnable gone;
  private final Thread prober;
  private int lineEnds = 2;
  private boolean quiet;
  private boolean ended;

  /**
   * @param quietFor how long nothing has to be said before the client is probed
   * @param gone is called when the client turns out to be
   */
  public ProbedEvents(OutputStream out, Duration quietFor, Runnable gone) {
    this.out = out;
    this.quietFor = quietFor;
    this.gone = gone;
    this.prober = Thread.ofVirtual().name("event-prober").start(this::run);
  }

  /** Passes a part of the stream on. */
  public synchronized void write(byte[] part, int length) throws IOException {
    out.write(part, 0, length);
    out.flush();
    quiet = false;
    int from = Math.max(0, length - LONGEST_END);
    if (from > 0) {
      lineEnds = 0;
    }
    for (int i = from; i < length; i++) {
      if (part[i] == '\n') {
        lineEnds++;
      } else if (part[i] != '\r') {
        lineEnds = 0;
      }
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(quietFor);
        probe();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      gone.run();
    }
  }

  /** Says nothing, if nothing was said since the last time and no event is half written. */
  synchronized void probe() throws IOException {
    if (quiet && !ended && lineEnds >= 2) {
      out.write(COMMENT);
      out.flush();
    }
    quiet = true;
  }

  /** Probes no more; the stream itself ends with its request. */
  @Override
  public void close() {
    synchronized (this) {
      ended = true;
    }
    prober.interrupt();
  }
}
