package io.margay.agents.gateway.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an empty comment to streams of events that are quiet, which their readers ignore. Over
 * HTTP/1.1 nobody notices otherwise that a client is gone, since nothing is read from it while it
 * is answered; and what lies between does not see the connection used.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeats.class);
  private static final byte[] BEAT = ":\n\n".getBytes(StandardCharsets.US_ASCII);

  private final long quiet;
  private final LongSupplier nanos;
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicLong gone = new AtomicLong();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("gateway-heartbeats").daemon().factory());

  /**
   * Begins to look at streams.
   *
   * @param quiet for how long nothing is written to a stream before it gets a comment
   */
  public Heartbeats(Duration quiet) {
    this(quiet, System::nanoTime);
    long pause = Math.max(1, quiet.toMillis() / 3);
    timer.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
  }

  /** Looks only when it is told to. */
  Heartbeats(Duration quiet, LongSupplier nanos) {
    this.quiet = quiet.toNanos();
    this.nanos = nanos;
  }

  /**
   * A stream that is kept alive until it is closed, which leaves the other open.
   *
   * @param out gets the stream; of one thread at a time
   * @param onGone is called when a comment cannot be written
   */
  Stream over(OutputStream out, Runnable onGone) {
    Stream stream = new Stream(out, onGone);
    streams.add(stream);
    return stream;
  }

  /** One client that takes nothing must keep no other waiting. */
  void look() {
    long now = nanos.getAsLong();
    for (Stream stream : streams) {
      if (now - stream.last >= quiet) {
        Thread.startVirtualThread(stream::beat);
      }
    }
  }

  /** Clients of which it was noticed so that they are gone. */
  public long gone() {
    return gone.get();
  }

  @Override
  public void close() {
    timer.close();
  }

  /** A stream of events, into which comments go only between two of them. */
  final class Stream extends OutputStream {
    private final OutputStream out;
    private final Runnable onGone;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile long last = nanos.getAsLong();

    /** Guarded by the lock, as the next one. */
    private boolean isClosed;

    private EventBoundary boundary = EventBoundary.START;

    private Stream(OutputStream out, Runnable onGone) {
      this.out = out;
      this.onGone = onGone;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      lock.lock();
      try {
        out.write(bytes, offset, length);
        boundary = boundary.after(bytes, offset, length);
        last = nanos.getAsLong();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void flush() throws IOException {
      lock.lock();
      try {
        out.flush();
      } finally {
        lock.unlock();
      }
    }

    private void beat() {
      // Whoever writes to it at this moment will notice by itself.
      if (!lock.tryLock()) {
        return;
      }
      try {
        if (!isClosed && boundary.isBetweenEvents() && nanos.getAsLong() - last >= quiet) {
          last = nanos.getAsLong();
          out.write(BEAT);
          out.flush();
        }
      } catch (IOException e) {
        log.debug("a client is gone: {}", e.toString());
        gone.incrementAndGet();
        isClosed = true;
        streams.remove(this);
        onGone.run();
      } finally {
        lock.unlock();
      }
    }

    /** When this returns, no comment is written any more. */
    @Override
    public void close() {
      streams.remove(this);
      lock.lock();
      try {
        isClosed = true;
      } finally {
        lock.unlock();
      }
    }
  }
}
