package io.margay.kernel.netlink;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.libc.Fd;
import io.margay.kernel.libc.Libc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events of a netlink socket on a thread of its own until it is closed. It owns the
 * socket.
 */
public final class NetlinkListener implements AutoCloseable {
  /** Takes the events, on the listener's thread. */
  public interface Handler {
    /** One event; the message is valid only during the call. */
    void message(Message message);

    /** The kernel dropped events because the reader was too slow: what they said is lost. */
    void overrun();
  }

  private static final Logger log = LoggerFactory.getLogger(NetlinkListener.class);
  private static final int BUFFER_BYTES = 128 * 1024;

  private final NetlinkSocket socket;
  private final Handler handler;
  private final Fd stop = Libc.eventFd();
  private final Thread thread;
  private volatile boolean stopping;

  private NetlinkListener(String threadName, NetlinkSocket socket, Handler handler) {
    this.socket = socket;
    this.handler = handler;
    this.thread = Thread.ofPlatform().daemon().name(threadName).unstarted(this::listen);
  }

  /** Starts to listen; what the socket joined before is not lost. */
  public static NetlinkListener start(String threadName, NetlinkSocket socket, Handler handler) {
    NetlinkListener listener = new NetlinkListener(threadName, socket, handler);
    listener.thread.start();
    return listener;
  }

  private void listen() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(BUFFER_BYTES, 8);
      while (!stopping) {
        try {
          if (Libc.awaitReadable(socket.fd(), stop, -1)) {
            socket.receive(buffer, this::handle);
          }
        } catch (KernelException e) {
          if (e.is(Errno.ENOBUFS)) {
            handler.overrun();
          } else if (!e.is(Errno.EINTR)) {
            throw e;
          }
        }
      }
    } catch (RuntimeException e) {
      log.error("{} ends: no more events will come", thread.getName(), e);
    }
  }

  /** One event that cannot be handled must not stop the others. */
  private void handle(Message message) {
    try {
      handler.message(message);
    } catch (RuntimeException e) {
      log.error("{}: event of type {} lost", thread.getName(), message.type(), e);
    }
  }

  /** Stops and waits until no handler runs any more; must not be called by a handler. */
  @Override
  public void close() {
    if (stopping) {
      return;
    }
    stopping = true;
    Libc.signal(stop);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    socket.close();
    stop.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
