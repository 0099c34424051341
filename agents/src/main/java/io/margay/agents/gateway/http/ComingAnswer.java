package io.margay.agents.gateway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;

/**
 * An answer that comes from the network, for one reader that waits for it.
 *
 * <p>The network's thread takes in what has come by itself, up to {@link #AHEAD}: most answers are
 * over before their reader has woken. If it stopped at each part until the reader asked for the
 * next, as Jetty's own listener does, the reader would have to wake the network's thread once more
 * for each.
 */
final class ComingAnswer implements Response.Listener {
  /** Bytes that may wait for a slow reader; then nothing more is taken from the network. */
  private static final int AHEAD = 64 * 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Queue<byte[]> parts = new ArrayDeque<>();
  private int waiting;
  private @Nullable Response response;
  private boolean hasBegun;
  private boolean isOver;
  private boolean isClosed;
  private @Nullable Throwable failure;
  private @Nullable Runnable demand;

  @Override
  public void onHeaders(Response response) {
    lock.lock();
    try {
      this.response = response;
      // Where a body is sure to follow, its reader is woken once: by its first bytes.
      hasBegun = response.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH) <= 0;
      if (hasBegun) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onContent(Response response, Content.Chunk chunk, Runnable demander) {
    byte[] part = new byte[chunk.remaining()];
    chunk.getByteBuffer().get(part);
    lock.lock();
    try {
      if (part.length > 0) {
        parts.add(part);
        waiting += part.length;
        hasBegun = true;
        changed.signal();
      }
      if (waiting > AHEAD) {
        demand = demander;
        return;
      }
    } finally {
      lock.unlock();
    }
    demander.run();
  }

  @Override
  public void onComplete(Result result) {
    lock.lock();
    try {
      failure = result.getFailure();
      isOver = true;
      hasBegun = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the answer begins. There is no clock beside that of its connection, which ends when
   * it is quiet for too long.
   *
   * @throws ExecutionException when it never will
   */
  Response await() throws InterruptedException, ExecutionException {
    lock.lockInterruptibly();
    try {
      while (!hasBegun) {
        changed.await();
      }
      if (response == null) {
        throw new ExecutionException(Objects.requireNonNull(failure));
      }
      return response;
    } finally {
      lock.unlock();
    }
  }

  /** What follows the headers. */
  InputStream body() {
    return new Body();
  }

  /**
   * The body. To close it before its end ends the answer at once, with its connection, also while
   * another thread reads.
   */
  private final class Body extends InputStream {
    /** Of {@link #parts}' first: how much was read. Of the reader. */
    private int position;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Runnable next;
      int count;
      lock.lock();
      try {
        byte[] part = part();
        if (part == null) {
          return -1;
        }
        count = Math.min(length, part.length - position);
        System.arraycopy(part, position, bytes, offset, count);
        position += count;
        if (position == part.length) {
          parts.remove();
          position = 0;
          waiting -= part.length;
        }
        next = waiting > AHEAD ? null : demand;
        if (next != null) {
          demand = null;
        }
      } catch (InterruptedException e) {
        throw (IOException) new InterruptedIOException().initCause(e);
      } finally {
        lock.unlock();
      }
      if (next != null) {
        next.run();
      }
      return count;
    }

    /** Waits for the next part, under the lock; null at the end. */
    private byte @Nullable [] part() throws IOException, InterruptedException {
      while (true) {
        if (isClosed) {
          throw new IOException("the answer is not wanted any more");
        }
        byte[] part = parts.peek();
        if (part != null || (isOver && failure == null)) {
          return part;
        }
        if (failure != null) {
          throw new IOException(failure);
        }
        changed.await();
      }
    }

    @Override
    public void close() {
      Response unfinished;
      lock.lock();
      try {
        isClosed = true;
        unfinished = isOver ? null : response;
        parts.clear();
        changed.signal();
      } finally {
        lock.unlock();
      }
      if (unfinished != null) {
        unfinished.abort(new IOException("the answer is not wanted any more"));
      }
    }
  }
}
