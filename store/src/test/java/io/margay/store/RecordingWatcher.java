package io.margay.store;

import io.margay.model.manifest.KubeObject;
import io.margay.store.ResourceStore.ChangeType;
import io.margay.store.ResourceStore.Watcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a watch delivers, for a test to take in order. */
public final class RecordingWatcher implements Watcher {
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<StoreException> ends = new LinkedBlockingQueue<>();
  private final CountDownLatch blocked;

  public RecordingWatcher() {
    this(new CountDownLatch(0));
  }

  /** A watcher that delivers nothing before the latch opens. */
  public RecordingWatcher(CountDownLatch blocked) {
    this.blocked = blocked;
  }

  @Override
  public void changed(ChangeType type, KubeObject object) {
    try {
      blocked.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    events.add(type + " " + object.key());
  }

  @Override
  public void ended(StoreException reason) {
    ends.add(reason);
  }

  /** The next events, as {@code ADDED NetworkSet prod/a}. */
  public List<String> take(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      String event = events.poll(10, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("only " + taken + " came of " + count + " events");
      }
      taken.add(event);
    }
    return taken;
  }

  public boolean hasMore() {
    return !events.isEmpty();
  }

  public StoreException takeEnd() throws InterruptedException {
    StoreException end = ends.poll(10, TimeUnit.SECONDS);
    if (end == null) {
      throw new AssertionError("the watch has not ended");
    }
    return end;
  }
}
