package io.margay.store.local;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore.Listing;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.StoreException;
import io.margay.store.StoreException.Reason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What everybody may see: the committed objects, their version, the latest changes and those who
 * watch them, behind one lock, so that a list and the watch that follows it fit together.
 */
final class CommittedState implements Draft.Base {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final ObjectTable objects = new ObjectTable();
  private final Map<Kind, ChangeLog> logs = new EnumMap<>(Kind.class);
  private long version;

  /** Why there are no more watches; null as long as there are. */
  private @Nullable StoreException ended;

  CommittedState(Journal.Contents contents, int remembered) {
    contents.objects().forEach(objects::put);
    version = contents.version();
    for (Kind kind : Kind.values()) {
      logs.put(kind, new ChangeLog(remembered, version));
    }
  }

  @Override
  public @Nullable KubeObject get(ResourceKey key) {
    lock.lock();
    try {
      return objects.get(key);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<KubeObject> items(Kind kind, String namespace) {
    return list(kind, namespace).items();
  }

  Listing list(Kind kind, String namespace) {
    lock.lock();
    try {
      return new Listing(objects.list(kind, namespace), version);
    } finally {
      lock.unlock();
    }
  }

  long version() {
    lock.lock();
    try {
      return version;
    } finally {
      lock.unlock();
    }
  }

  /** Shows committed changes to everybody at once. */
  void apply(List<Change> changes, long newVersion) {
    lock.lock();
    try {
      for (Change change : changes) {
        switch (change.type()) {
          case ADDED, MODIFIED -> objects.put(change.object());
          case DELETED -> objects.remove(change.object().key());
        }
        log(change.object().kind()).add(change);
      }
      version = newVersion;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Watch watch(Kind kind, long afterVersion, ChangeWatcher watcher) {
    lock.lock();
    try {
      if (ended != null) {
        throw ended;
      }
      if (afterVersion > version) {
        throw new StoreException(
            Reason.EXPIRED,
            "resource version "
                + afterVersion
                + " is not of this store, which is at "
                + version
                + "; list again");
      }
      long position = log(kind).positionAfter(afterVersion);
      if (position == ChangeLog.FORGOTTEN) {
        throw tooOld(kind, afterVersion);
      }
      RunningWatch watch = new RunningWatch(this, kind, watcher, position);
      watch.start();
      return watch;
    } finally {
      lock.unlock();
    }
  }

  void endWatches(StoreException reason) {
    lock.lock();
    try {
      ended = reason;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets a watch look whether it was closed. */
  void wake() {
    lock.lock();
    try {
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next changes for a watch, waiting for at most the given time.
   *
   * @throws StoreException EXPIRED if the watch has fallen behind what is remembered, UNAVAILABLE
   *     if the store was closed
   */
  Progress await(RunningWatch watch, int limit, int seconds) throws InterruptedException {
    lock.lock();
    try {
      ChangeLog log = log(watch.kind());
      long nanos = TimeUnit.SECONDS.toNanos(seconds);
      while (log.isEnd(watch.position()) && ended == null && !watch.isClosed() && nanos > 0) {
        nanos = advanced.awaitNanos(nanos);
      }
      if (!log.holds(watch.position())) {
        throw new StoreException(
            Reason.EXPIRED,
            "the watch of "
                + watch.kind().plural()
                + " was too slow and has missed changes; list again");
      }
      List<Change> changes = log.read(watch.position(), limit);
      if (changes.isEmpty() && ended != null) {
        throw ended;
      }
      boolean all = log.isEnd(watch.position() + changes.size());
      return new Progress(changes, all ? version : 0);
    } finally {
      lock.unlock();
    }
  }

  /**
   * What a watch may deliver.
   *
   * @param upTo with these changes nothing is missing up to this version; 0 when there are more
   */
  record Progress(List<Change> changes, long upTo) {}

  private ChangeLog log(Kind kind) {
    return Objects.requireNonNull(logs.get(kind));
  }

  private static StoreException tooOld(Kind kind, long version) {
    return new StoreException(
        Reason.EXPIRED,
        "changes of "
            + kind.plural()
            + " after resource version "
            + version
            + " are no longer remembered; list again");
  }
}
