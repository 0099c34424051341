package io.margay.store.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.RecordingWatcher;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.ResourceStoreContract;
import io.margay.store.Samples;
import io.margay.store.StoreException.Reason;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class MemoryStoreTest extends ResourceStoreContract {
  private static final int REMEMBERED = 8;

  @Override
  protected ResourceStore open() {
    MemoryStore memory = new MemoryStore(InstantSource.system(), REMEMBERED);
    memory.create(Samples.namespace("prod"));
    memory.create(Samples.namespace("test"));
    return memory;
  }

  @Test
  void aWatchFromAForgottenVersionIsRefused() {
    long from = store.list(Kind.NETWORK_SET, "").resourceVersion();
    for (int i = 0; i <= REMEMBERED; i++) {
      store.create(Samples.networkSet("prod", "n" + i));
    }
    assertRefused(
        () -> store.watch(Kind.NETWORK_SET, from, new RecordingWatcher()), Reason.EXPIRED);
  }

  @Test
  void aWatchFromTheFutureIsRefused() {
    assertRefused(
        () -> store.watch(Kind.NETWORK_SET, 1_000, new RecordingWatcher()), Reason.EXPIRED);
  }

  @Test
  void aWatchThatFallsBehindIsEnded() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    RecordingWatcher slow = new RecordingWatcher(open);
    long from = store.list(Kind.NETWORK_SET, "").resourceVersion();
    try (Watch watch = store.watch(Kind.NETWORK_SET, from, slow)) {
      for (int i = 0; i < 5 * REMEMBERED; i++) {
        store.create(Samples.networkSet("prod", "n" + i));
      }
      open.countDown();
      assertThat(slow.takeEnd().reason()).isEqualTo(Reason.EXPIRED);
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void closingEndsWatches() throws Exception {
    RecordingWatcher watcher = new RecordingWatcher();
    try (Watch watch =
        store.watch(Kind.TIER, store.list(Kind.TIER, "").resourceVersion(), watcher)) {
      store.close();
      assertThat(watcher.takeEnd().reason()).isEqualTo(Reason.UNAVAILABLE);
      assertThat(watch).isNotNull();
    }
    assertRefused(() -> store.create(Samples.tier("late", 1)), Reason.UNAVAILABLE);
  }

  @Test
  void aTransactionThatFailsWritesNothing() {
    MemoryStore memory = (MemoryStore) store;
    long before = memory.version();
    assertThatThrownBy(() ->
            memory.write(transaction -> {
              KubeObject a = transaction.create(Samples.networkSet("prod", "a"));
              assertThat(transaction.get(a.key())).contains(a);
              assertThat(transaction.list(Kind.NETWORK_SET, "prod")).containsExactly(a);
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");
    assertThat(memory.version()).isEqualTo(before);
    assertThat(memory.list(Kind.NETWORK_SET, "").items()).isEmpty();
  }

  @Test
  void aRehearsalAnswersButWritesNothing() {
    MemoryStore memory = (MemoryStore) store;
    KubeObject answer = memory.rehearse(t -> t.create(Samples.networkSet("prod", "a")));
    assertThat(answer.resourceVersion()).isNotEmpty();
    assertThat(memory.get(answer.key())).isEmpty();
  }
}
