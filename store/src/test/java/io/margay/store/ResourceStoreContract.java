package io.margay.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore.Watch;
import io.margay.store.StoreException.Reason;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every source of resources that can be written promises. */
public abstract class ResourceStoreContract {
  protected ResourceStore store;

  /** A store that has the namespaces prod and test and no network sets. */
  protected abstract ResourceStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void givesWhatWasCreatedWithItsIdentity() {
    KubeObject created = store.create(Samples.networkSet("prod", "a", "10.0.0.0/8"));

    assertThat(store.get(created.key())).contains(created);
    var metadata = created.json().path("metadata");
    assertThat(metadata.path("uid").asText()).hasSize(36);
    assertThat(metadata.path("creationTimestamp").asText()).endsWith("Z");
    assertThat(metadata.path("generation").asLong()).isEqualTo(1);
    assertThat(Long.parseLong(created.resourceVersion())).isPositive();
    assertThat(created.json().path("spec").path("nets").path(0).asText()).isEqualTo("10.0.0.0/8");
  }

  @Test
  void refusesToCreateTwice() {
    store.create(Samples.networkSet("prod", "a"));
    assertRefused(() -> store.create(Samples.networkSet("prod", "a")), Reason.ALREADY_EXISTS);
  }

  @Test
  void refusesAnObjectWithoutAName() {
    assertRefused(() -> store.create(Samples.networkSet("prod", "")), Reason.INVALID);
  }

  @Test
  void updatesRaiseTheVersionAndKeepTheIdentity() {
    KubeObject created = store.create(Samples.networkSet("prod", "a", "10.0.0.0/8"));
    KubeObject updated = store.update(Samples.networkSet("prod", "a", "10.0.0.0/16"));

    assertThat(version(updated)).isGreaterThan(version(created));
    for (String kept : List.of("uid", "creationTimestamp")) {
      assertThat(updated.json().path("metadata").path(kept))
          .isEqualTo(created.json().path("metadata").path(kept));
    }
    assertThat(updated.json().path("metadata").path("generation").asLong()).isEqualTo(2);
    assertThat(store.get(updated.key())).contains(updated);
  }

  @Test
  void labelsDoNotRaiseTheGeneration() {
    KubeObject created = store.create(Samples.networkSet("prod", "a"));
    KubeObject updated = store.update(Samples.withLabel(created, "team", "web"));
    assertThat(updated.json().path("metadata").path("generation").asLong()).isEqualTo(1);
  }

  @Test
  void anUpdateWithoutAChangeIsNoWrite() {
    KubeObject created = store.create(Samples.networkSet("prod", "a"));
    assertThat(store.update(created).resourceVersion()).isEqualTo(created.resourceVersion());
  }

  @Test
  void refusesAnUpdateFromAnOldVersion() {
    KubeObject first = store.create(Samples.networkSet("prod", "a"));
    store.update(Samples.withLabel(first, "team", "web"));
    assertRefused(() -> store.update(Samples.withLabel(first, "team", "db")), Reason.CONFLICT);
    assertThat(store.get(first.key()).orElseThrow().json().at("/metadata/labels/team").asText())
        .isEqualTo("web");
  }

  @Test
  void refusesToUpdateOrDeleteWhatIsNotThere() {
    assertRefused(() -> store.update(Samples.networkSet("prod", "a")), Reason.NOT_FOUND);
    assertRefused(() -> store.delete(key("prod", "a"), ""), Reason.NOT_FOUND);
  }

  @Test
  void deletesOnlyTheVersionThatIsMeant() {
    KubeObject first = store.create(Samples.networkSet("prod", "a"));
    KubeObject second = store.update(Samples.withLabel(first, "team", "web"));
    assertRefused(() -> store.delete(first.key(), first.resourceVersion()), Reason.CONFLICT);
    store.delete(first.key(), second.resourceVersion());
    assertThat(store.get(first.key())).isEmpty();
  }

  @Test
  void listsByNamespaceAndNameAtOneMoment() {
    store.create(Samples.networkSet("test", "a"));
    store.create(Samples.networkSet("prod", "b"));
    KubeObject last = store.create(Samples.networkSet("prod", "a"));

    var all = store.list(Kind.NETWORK_SET, "");
    assertThat(all.items())
        .extracting(o -> o.namespace() + "/" + o.name())
        .containsExactly("prod/a", "prod/b", "test/a");
    assertThat(all.resourceVersion()).isGreaterThanOrEqualTo(version(last));
    assertThat(store.list(Kind.NETWORK_SET, "prod").items())
        .extracting(KubeObject::name)
        .containsExactly("a", "b");
    assertThat(store.list(Kind.GLOBAL_NETWORK_SET, "").items()).isEmpty();
  }

  @Test
  void aWatchSendsEveryLaterChangeInOrder() throws Exception {
    store.create(Samples.networkSet("prod", "before"));
    long from = store.list(Kind.NETWORK_SET, "").resourceVersion();
    KubeObject a = store.create(Samples.networkSet("prod", "a"));
    RecordingWatcher watcher = new RecordingWatcher();
    try (Watch watch = store.watch(Kind.NETWORK_SET, from, watcher)) {
      store.update(Samples.withLabel(a, "team", "web"));
      store.create(Samples.networkSet("test", "b"));
      store.delete(a.key(), "");
      assertThat(watcher.take(4))
          .containsExactly(
              "ADDED NetworkSet prod/a",
              "MODIFIED NetworkSet prod/a",
              "ADDED NetworkSet test/b",
              "DELETED NetworkSet prod/a");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void aWatchSendsItsKindOnly() throws Exception {
    RecordingWatcher watcher = new RecordingWatcher();
    long from = store.list(Kind.NETWORK_SET, "").resourceVersion();
    try (Watch watch = store.watch(Kind.NETWORK_SET, from, watcher)) {
      store.create(Samples.tier("other", 1));
      store.create(Samples.networkSet("prod", "a"));
      assertThat(watcher.take(1)).containsExactly("ADDED NetworkSet prod/a");
      assertThat(watch).isNotNull();
    }
  }

  @Test
  void oneOfManyConcurrentUpdatesOfAVersionWins() throws Exception {
    KubeObject first = store.create(Samples.networkSet("prod", "a"));
    AtomicInteger conflicts = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> writers =
          IntStream.range(0, 8)
              .<Callable<Void>>mapToObj(i ->
                  () -> {
                    try {
                      store.update(Samples.withLabel(first, "writer", "w" + i));
                    } catch (StoreException e) {
                      assertThat(e.reason()).isEqualTo(Reason.CONFLICT);
                      conflicts.incrementAndGet();
                    }
                    return null;
                  })
              .toList();
      for (Future<Void> done : threads.invokeAll(writers)) {
        done.get();
      }
    }
    assertThat(conflicts).hasValue(7);
  }

  protected static void assertRefused(ThrowingCallable operation, Reason reason) {
    assertThatThrownBy(operation)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason));
  }

  protected static ResourceKey key(String namespace, String name) {
    return new ResourceKey(Kind.NETWORK_SET, namespace, name);
  }

  protected static long version(KubeObject object) {
    return Long.parseLong(object.resourceVersion());
  }
}
