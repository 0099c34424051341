package io.margay.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.flows.DropCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import io.margay.flows.archive.Archive;
import io.margay.flows.archive.ArchiveConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryBackupsTest {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-28T10:00:00Z"));
  @TempDir Path folder;
  private Archive archive;

  private static final class NoLiveFlows implements FlowIngest {
    @Override
    public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  @BeforeEach
  void open() throws IOException {
    archive =
        Archive.open(ArchiveConfig.in(folder.resolve("history")), now::get, new DropCounters());
    archive.start(new NoLiveFlows());
  }

  @AfterEach
  void close() throws IOException {
    archive.close();
  }

  private HistoryBackups start(Path target, int keep) throws IOException {
    return HistoryBackups.start(
        archive, new HistoryBackups.Plan(target, Duration.ofDays(1), keep), now::get);
  }

  @Test
  void theNewestAreKeptAndWhatIsNotOursStays() throws IOException {
    Path target = folder.resolve("backups");
    try (HistoryBackups backups = start(target, 2)) {
      Files.writeString(target.resolve("flows-by-hand.duckdb"), "of somebody else");
      for (int i = 0; i < 3; i++) {
        assertThat(backups.backUp()).isNotEmptyFile();
        now.set(now.get().plusSeconds(3600));
      }
    }
    try (Stream<Path> files = Files.list(target)) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      assertThat(names)
          .containsExactly(
              "flows-20261128T110000Z.duckdb",
              "flows-20261128T120000Z.duckdb",
              "flows-by-hand.duckdb");
    }
    // It is a whole history: another process can open it.
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Files.copy(target.resolve("flows-20261128T120000Z.duckdb"), copy.resolve("flows.duckdb"));
    Archive.open(ArchiveConfig.in(copy), now::get, new DropCounters()).close();
  }

  @Test
  void aFolderThatCannotBeIsAnErrorAtOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    assertThatThrownBy(() -> start(file, 1))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("backups cannot be kept in " + file);
  }
}
