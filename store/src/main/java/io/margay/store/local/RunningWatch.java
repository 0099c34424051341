package io.margay.store.local;

import io.margay.model.resource.Kind;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the changes of a kind to one watcher on a thread of its own. It keeps no queue: it reads
 * the common log at its own pace, and is ended when the log has moved on past it.
 */
final class RunningWatch implements Watch {
  private static final Logger LOG = LoggerFactory.getLogger(RunningWatch.class);

  /** How many changes are taken out of the log at once, to be delivered without its lock. */
  private static final int READ_AHEAD = 256;

  /** A quiet watch tells at this interval how far the rest of the store has come. */
  private static final int BOOKMARK_SECONDS = 5;

  private final CommittedState state;
  private final Kind kind;
  private final ChangeWatcher watcher;
  private long position;
  private long told;
  private volatile boolean closed;

  RunningWatch(CommittedState state, Kind kind, ChangeWatcher watcher, long position) {
    this.state = state;
    this.kind = kind;
    this.watcher = watcher;
    this.position = position;
  }

  void start() {
    Thread.ofVirtual().name("watch-" + kind.plural()).start(this::run);
  }

  Kind kind() {
    return kind;
  }

  long position() {
    return position;
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    closed = true;
    state.wake();
  }

  private void run() {
    try {
      while (!closed) {
        deliver(state.await(this, READ_AHEAD, BOOKMARK_SECONDS));
      }
    } catch (StoreException e) {
      end(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end(new StoreException(Reason.UNAVAILABLE, "the watch was interrupted", e));
    } catch (RuntimeException e) {
      LOG.warn("A watcher of {} failed; its watch ends", kind.plural(), e);
      end(new StoreException(Reason.UNAVAILABLE, "the watcher failed: " + e, e));
    }
  }

  private void deliver(CommittedState.Progress progress) {
    for (Change change : progress.changes()) {
      if (closed) {
        return;
      }
      watcher.changed(change);
      position++;
      told = change.version();
    }
    if (progress.changes().isEmpty() && progress.upTo() > told && !closed) {
      watcher.bookmark(progress.upTo());
      told = progress.upTo();
    }
  }

  private void end(StoreException reason) {
    if (closed) {
      return;
    }
    closed = true;
    watcher.ended(reason);
  }
}
