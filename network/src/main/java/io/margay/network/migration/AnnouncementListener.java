package io.margay.network.migration;

import io.margay.kernel.KernelException;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.packet.FrameSocket;
import io.margay.kernel.route.Link;
import io.margay.kernel.route.RouteSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a machine to announce itself behind an interface, which may not be there yet. Hears one
 * announcement and ends.
 */
final class AnnouncementListener implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AnnouncementListener.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** How long closing can take to be noticed. */
  private static final Duration SLICE = Duration.ofMillis(100);

  private final NetworkNamespace namespace;
  private final String link;
  private final Runnable heard;
  private volatile boolean closed;

  private AnnouncementListener(NetworkNamespace namespace, String link, Runnable heard) {
    this.namespace = namespace;
    this.link = link;
    this.heard = heard;
  }

  /**
   * Begins to listen.
   *
   * @param heard called at most once, on a thread of the listener; never waits for who closes it
   */
  static AnnouncementListener start(NetworkNamespace namespace, String link, Runnable heard) {
    AnnouncementListener listener = new AnnouncementListener(namespace, link, heard);
    Thread.ofPlatform().daemon().name("announcement-" + link).start(listener::run);
    return listener;
  }

  private void run() {
    while (!closed) {
      try {
        if (listen()) {
          heard.run();
          return;
        }
      } catch (KernelException e) {
        // The interface has gone, perhaps to be made anew.
        log.debug("{}: {}", link, e.getMessage());
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
  }

  /** False if there is no interface, or it was closed. */
  private boolean listen() {
    Optional<Link> found;
    try (RouteSocket routes = RouteSocket.open(namespace)) {
      found = routes.link(link).filter(Link::up);
    }
    if (found.isEmpty()) {
      return false;
    }
    try (FrameSocket frames = FrameSocket.open(namespace, found.get().index())) {
      while (!closed) {
        if (frames.receive(SLICE).filter(Announcement::isIn).isPresent()) {
          return !closed;
        }
      }
    }
    return false;
  }

  /** Ends without waiting: the thread may be about to call its owner. */
  @Override
  public void close() {
    closed = true;
  }
}
