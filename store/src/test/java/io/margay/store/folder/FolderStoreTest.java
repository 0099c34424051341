package io.margay.store.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderStoreTest {
  /** Longer than any test: they look for changes by themselves. */
  private static final Duration NEVER = Duration.ofDays(1);

  @TempDir Path folder;

  @Test
  void readsEveryManifestBelowTheFolder() throws IOException {
    write("tiers.yaml", tier("a", 1) + "---\n" + tier("b", 2));
    write(
        "deep/er/c.json",
        "{\"apiVersion\":\"projectcalico.org/v3\",\"kind\":\"Tier\",\"metadata\":{\"name\":\"c\"}}");
    write("README.md", "not a manifest");
    write(".hidden.yaml", "neither: is this");
    try (FolderStore store = FolderStore.open(folder, NEVER)) {
      assertThat(names(store)).containsExactly("a", "b", "c");
    }
  }

  @Test
  void followsItsFiles() throws IOException {
    write("a.yaml", tier("a", 1));
    try (FolderStore store = FolderStore.open(folder, NEVER)) {
      ResourceKey a = new ResourceKey(Kind.TIER, "", "a");
      String before = store.get(a).orElseThrow().resourceVersion();
      store.poll();
      assertThat(store.get(a).orElseThrow().resourceVersion()).isEqualTo(before);

      write("a.yaml", tier("a", 77));
      write("b.yaml", tier("b", 2));
      store.poll();
      assertThat(store.get(a).orElseThrow().json().at("/spec/order").asInt()).isEqualTo(77);
      assertThat(names(store)).containsExactly("a", "b");

      Files.delete(folder.resolve("a.yaml"));
      store.poll();
      assertThat(names(store)).containsExactly("b");
    }
  }

  @Test
  void keepsTheLastGoodStateWhileAFileIsBad() throws IOException {
    write("a.yaml", tier("a", 1));
    try (FolderStore store = FolderStore.open(folder, NEVER)) {
      write("a.yaml", "kind: [broken");
      write("b.yaml", tier("b", 2));
      store.poll();
      assertThat(names(store)).containsExactly("a");
      assertThat(store.problems())
          .extracting(Problem::toString)
          .anyMatch(p -> p.contains("a.yaml"));

      write("a.yaml", tier("a", 3));
      store.poll();
      assertThat(store.problems()).isEmpty();
      assertThat(names(store)).containsExactly("a", "b");
    }
  }

  @Test
  void oneObjectInTwoFilesIsAProblem() throws IOException {
    write("one.yaml", tier("a", 1));
    write("two.yaml", tier("a", 2));
    assertThatThrownBy(() -> FolderStore.open(folder, NEVER))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("Tier a: stands in both")
        .hasMessageContaining("remove one of them");
  }

  @Test
  void aFolderThatIsNoneIsNamed() throws IOException {
    Path missing = folder.resolve("missing");
    assertThatThrownBy(() -> FolderStore.open(missing, NEVER))
        .hasMessage(missing + ": cannot be read: there is no such folder");
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> FolderStore.open(file, NEVER))
        .hasMessage(file + ": cannot be read: it is a file, not a folder");
  }

  @Test
  void refusesToWrite() throws IOException {
    write("a.yaml", tier("a", 1));
    try (FolderStore store = FolderStore.open(folder, NEVER)) {
      assertThatThrownBy(() -> store.delete(new ResourceKey(Kind.TIER, "", "a"), ""))
          .hasMessageContaining("are changed by editing its files");
    }
  }

  private static List<String> names(FolderStore store) {
    return store.list(Kind.TIER, "").items().stream().map(o -> o.name()).toList();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String tier(String name, int order) {
    return """
    apiVersion: projectcalico.org/v3
    kind: Tier
    metadata: {name: %s}
    spec: {order: %d}
    """
        .formatted(name, order);
  }
}
