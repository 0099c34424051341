package io.margay.store.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.RecordingWatcher;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStoreContract;
import io.margay.store.Samples;
import io.margay.store.StoreException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MvStoreTest extends ResourceStoreContract {
  @TempDir Path directory;

  private Path file() {
    return directory.resolve("data").resolve("objects.mv");
  }

  @Override
  protected ResourceStore open() {
    MvStore durable = new MvStore(file());
    durable.create(Samples.namespace("prod"));
    durable.create(Samples.namespace("test"));
    return durable;
  }

  @Test
  void keepsObjectsAndVersionsAcrossARestart() {
    KubeObject a = store.create(Samples.networkSet("prod", "a", "10.0.0.0/8"));
    KubeObject b = store.create(Samples.networkSet("prod", "b"));
    store.delete(b.key(), "");
    long version = store.list(Kind.NETWORK_SET, "").resourceVersion();
    store.close();

    store = new MvStore(file());
    assertThat(store.list(Kind.NETWORK_SET, "").items()).containsExactly(a);
    assertThat(store.list(Kind.NETWORK_SET, "").resourceVersion()).isEqualTo(version);
    assertThat(version(store.create(Samples.networkSet("prod", "c")))).isGreaterThan(version);
    assertRefused(
        () -> store.watch(Kind.NETWORK_SET, version - 1, new RecordingWatcher()), Reason.EXPIRED);
  }

  @Test
  void isPrivateToItsUser() throws Exception {
    assertThat(Files.getPosixFilePermissions(file())).hasSize(2);
  }

  @Test
  void refusesAFileThatAnotherHasOpen() {
    assertRefused(() -> new MvStore(file()).close(), Reason.UNAVAILABLE);
  }

  @Test
  void reusesTheSpaceOfOldVersions() throws Exception {
    String filler = "x".repeat(2_000);
    List<KubeObject> objects =
        IntStream.range(0, 50)
            .mapToObj(i -> store.create(Samples.networkSet("prod", "n" + i)))
            .toList();
    for (int round = 0; round < 40; round++) {
      String value = filler + round;
      objects.parallelStream()
          .forEach(o ->
              store.update(Samples.withLabel(Samples.networkSet("prod", o.name()), "v", value)));
    }
    store.close();
    // 4 MB were written, 100 kB are alive.
    assertThat(Files.size(file())).isLessThan(3_000_000);
    store = new MvStore(file());
    assertThat(store.list(Kind.NETWORK_SET, "").items()).hasSize(50);
  }
}
