package io.margay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Tier;
import io.margay.store.local.MemoryStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ResourceStreamTest {
  private final MemoryStore store = new MemoryStore(InstantSource.system(), 64);
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void deliversWhatExistsThenInSyncThenChanges() {
    store.create(Samples.networkSet("prod", "a"));
    store.create(Samples.tier("security", 10));
    try (ResourceStream stream = start(store)) {
      recorder.awaitSize(3);
      store.create(Samples.networkSet("prod", "b"));
      store.delete(new ResourceKey(Kind.TIER, "", "security"), "");
      recorder.awaitSize(5);
      assertThat(recorder.lines.subList(0, 3))
          .containsExactly("+Tier security", "+NetworkSet prod/a", "in sync");
      assertThat(recorder.lines.subList(3, 5))
          .containsExactlyInAnyOrder("+NetworkSet prod/b", "-Tier security");
      assertThat(stream.status().inSync()).isTrue();
    }
  }

  @Test
  void listsAgainAfterFallingBehindAndDeliversTheDifference() throws Exception {
    store.create(Samples.networkSet("prod", "kept"));
    store.create(Samples.networkSet("prod", "dropped"));
    recorder.hold = new CountDownLatch(1);
    try (ResourceStream stream = start(store)) {
      recorder.awaitHeld();
      store.delete(new ResourceKey(Kind.NETWORK_SET, "prod", "dropped"), "");
      for (int i = 0; i < 2_000; i++) {
        store.update(Samples.networkSet("prod", "kept", "10.0." + i % 256 + ".0/24"));
      }
      store.create(Samples.networkSet("prod", "last"));
      recorder.hold.countDown();
      await().until(() -> recorder.current.containsKey("NetworkSet prod/last"));
      assertThat(recorder.current.keySet())
          .containsExactly("NetworkSet prod/kept", "NetworkSet prod/last");
      assertThat(recorder.lines.stream().filter("in sync"::equals)).hasSize(1);
      assertThat(stream.status().failures()).isEmpty();
    }
  }

  @Test
  void endsEqualToTheStoreWhateverHappens() {
    Random random = new Random(7);
    try (ResourceStream stream = start(store)) {
      for (int i = 0; i < 5_000; i++) {
        String name = "n" + random.nextInt(40);
        ResourceKey key = new ResourceKey(Kind.NETWORK_SET, "prod", name);
        if (store.get(key).isEmpty()) {
          store.create(Samples.networkSet("prod", name));
        } else if (random.nextBoolean()) {
          store.delete(key, "");
        } else {
          store.update(Samples.networkSet("prod", name, "10.0." + i % 256 + ".0/24"));
        }
      }
      Map<String, String> expected = new TreeMap<>();
      store
          .list(Kind.NETWORK_SET, "")
          .items()
          .forEach(o -> expected.put(o.key().toString(), o.resourceVersion()));
      await().untilAsserted(() -> assertThat(recorder.current).isEqualTo(expected));
      assertThat(stream.status().running()).isTrue();
    }
  }

  @Test
  void tellsProblemsAndWhenTheyAreGone() {
    try (ResourceStream stream = start(store)) {
      KubeObject bad = store.create(Samples.withLabel(Samples.networkSet("prod", "a"), "bad", "x"));
      await().until(() -> stream.status().problems().containsKey(bad.key()));
      store.update(Samples.networkSet("prod", "a"));
      await().until(() -> stream.status().problems().isEmpty());
      assertThat(recorder.problems).containsExactly("NetworkSet prod/a 1", "NetworkSet prod/a 0");
    }
  }

  @Test
  void waitsForASourceThatFailsAndTellsSo() {
    FailingStore failing = new FailingStore(store);
    failing.down = true;
    try (ResourceStream stream = start(failing)) {
      await().until(() -> stream.status().failures().containsKey(Kind.TIER));
      assertThat(stream.status().inSync()).isFalse();
      failing.down = false;
      await().until(() -> stream.status().inSync());
      assertThat(stream.status().failures()).isEmpty();
      assertThat(recorder.failures).contains("failed TIER", "recovered TIER");
    }
  }

  @Test
  void flushesWhenNothingMoreWaits() {
    try (ResourceStream stream = start(store)) {
      recorder.awaitSize(1);
      store.create(Samples.networkSet("prod", "a"));
      recorder.awaitSize(2);
      await().until(() -> recorder.flushedSize == 2);
      assertThat(stream.status().running()).isTrue();
    }
  }

  @Test
  void isSilentOnceClosed() {
    ResourceStream stream = start(store);
    recorder.awaitSize(1);
    stream.close();
    store.create(Samples.networkSet("prod", "a"));
    assertThat(stream.status().running()).isFalse();
    assertThat(recorder.lines).containsExactly("in sync");
  }

  private ResourceStream start(ResourceStore source) {
    return ResourceStream.start(
        source, EnumSet.of(Kind.TIER, Kind.NETWORK_SET), recorder, ResourceStreamTest::decode);
  }

  private static Decoded decode(KubeObject object) {
    ObjectMeta metadata =
        new ObjectMeta(
            object.name(),
            object.namespace(),
            "",
            Map.of(),
            Map.of(),
            "",
            object.resourceVersion(),
            0,
            null,
            null);
    Resource resource =
        object.kind() == Kind.TIER ? new Tier(metadata, null) : new NetworkSet(metadata, List.of());
    boolean bad = object.json().path("metadata").path("labels").has("bad");
    return new Decoded(
        resource,
        bad ? List.of(new Problem(object.key().toString(), "spec", "", "bad", "")) : List.of());
  }

  /** Plays the policy engine: keeps what it was told. */
  private static final class Recorder implements StreamListener {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final List<String> problems = new CopyOnWriteArrayList<>();
    final List<String> failures = new CopyOnWriteArrayList<>();
    final Map<String, String> current = new ConcurrentSkipListMap<>();
    volatile int flushedSize;
    volatile CountDownLatch hold = new CountDownLatch(0);

    @Override
    public void changed(ResourceChange change) {
      String line =
          switch (change) {
            case ResourceChange.Upsert(Resource resource) -> {
              current.put(resource.key().toString(), resource.metadata().resourceVersion());
              yield "+" + resource.key();
            }
            case ResourceChange.Removed(ResourceKey key) -> {
              current.remove(key.toString());
              yield "-" + key;
            }
            case ResourceChange.InSync() -> "in sync";
          };
      lines.add(line);
      if (line.equals("in sync")) {
        try {
          hold.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void flush() {
      flushedSize = lines.size();
    }

    @Override
    public void problems(ResourceKey key, List<Problem> found) {
      problems.add(key + " " + found.size());
    }

    @Override
    public void sourceFailed(Kind kind, StoreException reason) {
      failures.add("failed " + kind);
    }

    @Override
    public void sourceRecovered(Kind kind) {
      failures.add("recovered " + kind);
    }

    void awaitSize(int size) {
      await().atMost(Duration.ofSeconds(10)).until(() -> lines.size() >= size);
    }

    void awaitHeld() {
      await().atMost(Duration.ofSeconds(10)).until(() -> lines.contains("in sync"));
    }
  }

  /** A store whose lists fail while it is down. */
  private static final class FailingStore implements ResourceStore {
    private final ResourceStore delegate;
    volatile boolean down;

    FailingStore(ResourceStore delegate) {
      this.delegate = delegate;
    }

    @Override
    public Optional<KubeObject> get(ResourceKey key) {
      return delegate.get(key);
    }

    @Override
    public Listing list(Kind kind, String namespace) {
      if (down) {
        throw new StoreException(StoreException.Reason.UNAVAILABLE, "connection refused");
      }
      return delegate.list(kind, namespace);
    }

    @Override
    public KubeObject create(KubeObject object) {
      return delegate.create(object);
    }

    @Override
    public KubeObject update(KubeObject object) {
      return delegate.update(object);
    }

    @Override
    public KubeObject delete(ResourceKey key, String resourceVersion) {
      return delegate.delete(key, resourceVersion);
    }

    @Override
    public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
      return delegate.watch(kind, afterVersion, watcher);
    }

    @Override
    public void close() {}
  }
}
