package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A store that owns its objects: all of them in memory, every write through a {@link Journal}
 * first.
 *
 * <p>Writers that arrive while a commit is running form the next batch, which one of them commits
 * for all: a slow disk is asked once for many writes. Nobody sees a write before it is durable, so
 * nothing that was ever read or watched can be lost.
 */
public abstract class LocalStore implements ResourceStore {
  /** Bounds the memory of one commit; what is beyond waits for the next. */
  private static final int BATCH_LIMIT = 1_000;

  private final Journal journal;
  private final InstantSource clock;
  private final CommittedState state;

  private final Queue<PendingWrite<?>> pending = new ConcurrentLinkedQueue<>();

  /** Held while a batch is committed; guards {@link #closed}. */
  private final ReentrantLock committing = new ReentrantLock();

  private boolean closed;

  /**
   * @param remembered how many changes of each kind a watch may be behind
   */
  LocalStore(Journal journal, InstantSource clock, int remembered) {
    this.journal = journal;
    this.clock = clock;
    this.state = new CommittedState(journal.load(), remembered);
  }

  /** How many changes of a kind are remembered if nothing else is said. */
  static final int REMEMBERED = 16_384;

  @Override
  public final Optional<KubeObject> get(ResourceKey key) {
    return Optional.ofNullable(state.get(key));
  }

  @Override
  public final Listing list(Kind kind, String namespace) {
    return state.list(kind, namespace);
  }

  /** The version of the latest write to any object. */
  public final long version() {
    return state.version();
  }

  @Override
  public final KubeObject create(KubeObject object) {
    return write(transaction -> transaction.create(object));
  }

  @Override
  public final KubeObject update(KubeObject object) {
    return write(transaction -> transaction.update(object));
  }

  @Override
  public final KubeObject delete(ResourceKey key, String resourceVersion) {
    return write(transaction -> transaction.delete(key, resourceVersion));
  }

  /**
   * Runs an operation whose writes take effect together, and returns once they are durable.
   *
   * @throws StoreException UNAVAILABLE if they could not be made durable; then none took effect.
   *     What the operation itself throws is passed on.
   */
  public final <T> T write(Function<Transaction, T> operation) {
    return run(new PendingWrite<>(operation, false));
  }

  /** Runs an operation as {@link #write} would, but keeps none of its writes. */
  public final <T> T rehearse(Function<Transaction, T> operation) {
    return run(new PendingWrite<>(operation, true));
  }

  private <T> T run(PendingWrite<T> write) {
    if (committing.isHeldByCurrentThread()) {
      throw new IllegalStateException("a transaction may not start another one");
    }
    pending.add(write);
    while (!write.isDone()) {
      committing.lock();
      try {
        if (!write.isDone()) {
          commitBatch();
        }
      } finally {
        committing.unlock();
      }
    }
    return write.result();
  }

  private void commitBatch() {
    List<PendingWrite<?>> batch = new ArrayList<>();
    for (PendingWrite<?> next = pending.poll(); next != null; next = pending.poll()) {
      batch.add(next);
      if (batch.size() == BATCH_LIMIT) {
        break;
      }
    }
    if (closed) {
      StoreException refusal = closedException();
      batch.forEach(write -> write.fail(refusal));
    } else {
      try {
        Draft draft = new Draft(state, state.version(), clock);
        batch.forEach(write -> write.attempt(draft));
        if (!draft.changes().isEmpty()) {
          journal.commit(draft.changes(), draft.version());
          state.apply(draft.changes(), draft.version());
        }
      } catch (StoreException e) {
        // What the batch answered rests on writes that did not happen, refusals included.
        batch.forEach(write -> write.fail(e));
      }
    }
    batch.forEach(PendingWrite::finish);
  }

  @Override
  public final Watch watch(Kind kind, long afterVersion, Watcher watcher) {
    return watchChanges(
        kind,
        afterVersion,
        new ChangeWatcher() {
          @Override
          public void changed(Change change) {
            watcher.changed(change.type(), change.object());
          }

          @Override
          public void bookmark(long resourceVersion) {
            watcher.bookmark(resourceVersion);
          }

          @Override
          public void ended(StoreException reason) {
            watcher.ended(reason);
          }
        });
  }

  /** As {@link #watch}, with the state before each change. */
  public final Watch watchChanges(Kind kind, long afterVersion, ChangeWatcher watcher) {
    return state.watch(kind, afterVersion, watcher);
  }

  @Override
  public final void close() {
    committing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      state.endWatches(closedException());
      journal.close();
    } finally {
      committing.unlock();
    }
  }

  private static StoreException closedException() {
    return new StoreException(Reason.UNAVAILABLE, "the store is closed");
  }

  /** A write on its way through a batch. Only the thread that commits touches it until done. */
  private static final class PendingWrite<T> {
    private final Function<Transaction, T> operation;
    private final boolean rehearsal;
    private @Nullable T value;
    private @Nullable RuntimeException failure;
    private volatile boolean done;

    PendingWrite(Function<Transaction, T> operation, boolean rehearsal) {
      this.operation = operation;
      this.rehearsal = rehearsal;
    }

    void attempt(Draft batch) {
      Draft mine = batch.nested();
      try {
        value = operation.apply(mine);
        if (!rehearsal) {
          batch.keep(mine);
        }
      } catch (RuntimeException e) {
        failure = e;
      }
    }

    void fail(StoreException reason) {
      failure = reason;
    }

    void finish() {
      done = true;
    }

    boolean isDone() {
      return done;
    }

    @SuppressWarnings("NullAway") // The value is what the operation returned, if it did not throw.
    T result() {
      if (failure != null) {
        throw failure;
      }
      return value;
    }
  }
}
