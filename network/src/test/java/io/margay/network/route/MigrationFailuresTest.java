package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import io.margay.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Migrations that fail, each in its own way: one reachable owner is left. */
class MigrationFailuresTest extends InMigrationLab {
  @Test
  void aMissedAnnouncementDelaysOnly() {
    prepare("out", "vm-2", "b");
    lab.move(address, "a", "vm-1", "b", "vm-2");
    phase("out", "Succeeded");
    awaitRecord("out", "Converging", "not heard");
    awaitReachable();
    assertThat(owner()).isEqualTo("vm-2@b");
    awaitRecord("out", "Succeeded", "not heard");
  }

  @Test
  void aKilledTargetChangesNothing() {
    prepare("out", "vm-2", "b");
    end("vm-2");
    phase("out", "Failed");
    awaitRecord("out", "Failed", "did not arrive at b");
    assertThat(owner()).isEqualTo("vm-1@a");
    awaitReachable();
  }

  @Test
  void aMigrationThatFailsAfterTheSwitchGivesTheAddressesBack() {
    prepare("out", "vm-2", "b");
    lab.move(address, "a", "vm-1", "b", "vm-2");
    arrive("out");
    lab.move(address, "b", "vm-2", "a", "vm-1");
    phase("out", "Failed");
    awaitRecord("out", "Failed", "the source has the addresses again");
    assertThat(owner()).isEqualTo("vm-1@a");
    awaitReachable();
    end("vm-2");
    awaitReachable();
  }

  @Test
  void aDeadSourceNodeIsNotNeeded() {
    prepare("out", "vm-2", "b");
    migrations.remove("a").close();
    routes.remove("a").close();
    lab.move(address, "a", "vm-1", "b", "vm-2");
    arrive("out");
    awaitReachable();
    phase("out", "Succeeded");
    awaitRecord("out", "Succeeded", "");
    assertThat(owner()).isEqualTo("vm-2@b");
  }

  @Test
  void aNodeThatStartsAgainKnowsThatTheMachineHasCome() {
    prepare("out", "vm-2", "b");
    lab.move(address, "a", "vm-1", "b", "vm-2");
    arrive("out");
    migrations.remove("b").close();
    routes.get("b").prioritize(Map.of());
    follow("b", store, Duration.ofMillis(100));
    await().untilAsserted(() -> assertThat(metrics("b", "vm-2")).containsExactly(512));
    migrations.remove("b").close();
    phase("out", "Succeeded");
    follow("b", store, Duration.ofMillis(100));
    awaitRecord("out", "Succeeded", "");
    await().untilAsserted(() -> assertThat(metrics("b", "vm-2")).containsExactly(1024));
  }

  @Test
  void aMigrationThatIsWithdrawnHasFailed() {
    prepare("out", "vm-2", "b");
    store.delete(key(Kind.VIRTUAL_MACHINE_INSTANCE_MIGRATION, "out"), "");
    awaitRecord("out", "Failed", "did not arrive");
    awaitReachable();
  }

  /** Lists and watches go on: what was seen is known, and nothing can be written or read. */
  private record Unreachable(ResourceStore store, AtomicBoolean down) implements ResourceStore {
    private ResourceStore api() {
      if (down.get()) {
        throw new StoreException(StoreException.Reason.UNAVAILABLE, "cut off");
      }
      return store;
    }

    @Override
    public Optional<KubeObject> get(ResourceKey key) {
      return api().get(key);
    }

    @Override
    public Listing list(Kind kind, String namespace) {
      return api().list(kind, namespace);
    }

    @Override
    public KubeObject create(KubeObject object) {
      return api().create(object);
    }

    @Override
    public KubeObject update(KubeObject object) {
      return api().update(object);
    }

    @Override
    public KubeObject delete(ResourceKey key, String resourceVersion) {
      return api().delete(key, resourceVersion);
    }

    @Override
    public Watch watch(Kind kind, long afterVersion, Watcher watcher) {
      return store.watch(kind, afterVersion, watcher);
    }

    @Override
    public void close() {}
  }

  @Test
  void aTargetThatCannotReachTheApiRoutesAtOnceAndWritesLater() {
    AtomicBoolean down = new AtomicBoolean();
    migrations.remove("b").close();
    follow("b", new Unreachable(store, down), Duration.ofMillis(50));
    prepare("out", "vm-2", "b");
    down.set(true);
    lab.move(address, "a", "vm-1", "b", "vm-2");
    await()
        .untilAsserted(() -> {
          lab.announce(address);
          assertThat(metrics("b", "vm-2")).containsExactly(512);
        });
    phase("out", "Succeeded");
    // Much longer than the route is elevated otherwise: nobody else has one yet.
    await()
        .during(Duration.ofMillis(700))
        .untilAsserted(() -> assertThat(metrics("b", "vm-2")).containsExactly(512));
    assertThat(owner()).isEqualTo("vm-1@a");
    down.set(false);
    awaitRecord("out", "Succeeded", "");
    assertThat(owner()).isEqualTo("vm-2@b");
    awaitReachable();
  }
}
