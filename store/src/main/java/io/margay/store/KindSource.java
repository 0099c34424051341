package io.margay.store;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore.ChangeType;
import io.margay.store.ResourceStore.Listing;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.ResourceStore.Watcher;
import io.margay.store.StoreException.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of a {@link ResourceStream}: what was delivered of it, its watch, and when to list
 * again. Only the stream's thread calls it; its watch does nothing but fill the stream's queue.
 */
final class KindSource {
  private static final Logger LOG = LoggerFactory.getLogger(KindSource.class);

  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(10).toNanos();

  /** Where differences go. */
  interface Delivery {
    void upsert(KubeObject object);

    void removed(ResourceKey key);

    void failed(Kind kind, StoreException reason);

    void recovered(Kind kind);
  }

  /** What a watch has to say. The epoch tells events of a watch that was replaced since. */
  sealed interface Event {
    KindSource source();

    long epoch();

    record Changed(KindSource source, long epoch, ChangeType type, KubeObject object)
        implements Event {}

    record Ended(KindSource source, long epoch, StoreException reason) implements Event {}
  }

  private final ResourceStore store;
  private final Kind kind;
  private final BlockingQueue<Event> queue;
  private final Delivery delivery;

  /** The resource version that was delivered of each object. */
  private final Map<ResourceKey, String> delivered = new HashMap<>();

  private @Nullable Watch watch;
  private long epoch;
  private boolean listed;
  private boolean failing;
  private boolean due = true;
  private long dueAt = System.nanoTime();
  private long pause = FIRST_PAUSE;
  private long lastFailure = System.nanoTime() - 2 * LONGEST_PAUSE;

  KindSource(ResourceStore store, Kind kind, BlockingQueue<Event> queue, Delivery delivery) {
    this.store = store;
    this.kind = kind;
    this.queue = queue;
    this.delivery = delivery;
  }

  /** Whether the kind was listed at least once. */
  boolean listed() {
    return listed;
  }

  /** How long until the kind must be listed again; negative when that is overdue. */
  long nanosToList(long now) {
    return due ? dueAt - now : Long.MAX_VALUE;
  }

  /** Lists, delivers the difference to what was delivered before, and watches from there. */
  void list() {
    stop();
    epoch++;
    try {
      // At the start there is nothing to remove first, and of a large cluster one part at a time.
      long version = delivered.isEmpty() ? store.visit(kind, this::upsert) : deliverDifference();
      watch = store.watch(kind, version, new QueueingWatcher(epoch));
    } catch (StoreException e) {
      failed(e);
      return;
    }
    due = false;
    listed = true;
    if (failing) {
      failing = false;
      delivery.recovered(kind);
    }
  }

  private long deliverDifference() {
    Listing listing = store.list(kind, "");
    Set<ResourceKey> gone = new HashSet<>(delivered.keySet());
    for (KubeObject object : listing.items()) {
      gone.remove(object.key());
    }
    gone.stream().sorted().forEach(this::remove);
    listing.items().forEach(this::upsert);
    return listing.resourceVersion();
  }

  void handle(Event event) {
    if (event.epoch() != epoch) {
      return;
    }
    switch (event) {
      case Event.Changed changed -> {
        switch (changed.type()) {
          case ADDED, MODIFIED -> upsert(changed.object());
          case DELETED -> remove(changed.object().key());
        }
      }
      case Event.Ended ended -> failed(ended.reason());
    }
  }

  private void upsert(KubeObject object) {
    String version = object.resourceVersion();
    String before = delivered.put(object.key(), version);
    if (version.isEmpty() || !version.equals(before)) {
      delivery.upsert(object);
    }
  }

  private void remove(ResourceKey key) {
    if (delivered.remove(key) != null) {
      delivery.removed(key);
    }
  }

  /**
   * Plans the next list. A watch that merely fell behind is nothing that anybody must hear of and
   * is made up for at once, the first time; what fails again and again is asked less and less
   * often.
   */
  private void failed(StoreException reason) {
    stop();
    long now = System.nanoTime();
    if (now - lastFailure > LONGEST_PAUSE) {
      pause = FIRST_PAUSE;
    }
    lastFailure = now;
    due = true;
    if (reason.reason() == Reason.EXPIRED && pause == FIRST_PAUSE) {
      LOG.debug("Listing {} again: {}", kind.plural(), reason.getMessage());
      dueAt = now;
    } else {
      dueAt = now + pause;
      failing = true;
      delivery.failed(kind, reason);
    }
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }

  void stop() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
  }

  private final class QueueingWatcher implements Watcher {
    private final long mine;

    QueueingWatcher(long mine) {
      this.mine = mine;
    }

    @Override
    public void changed(ChangeType type, KubeObject object) {
      put(new Event.Changed(KindSource.this, mine, type, object));
    }

    @Override
    public void ended(StoreException reason) {
      put(new Event.Ended(KindSource.this, mine, reason));
    }

    private void put(Event event) {
      try {
        queue.put(event);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
