package io.margay.flows.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowHistory;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a full disk flows go on in memory, the loss is counted, and all is well once there is room.
 */
class FullDiskTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

  @TempDir private Path directory;

  private final TurnedClock clock = new TurnedClock(START);
  private final DropCounters drops = new DropCounters();
  private final RandomFlows flows = new RandomFlows(1);
  private final List<FlowKey> keys = flows.keys(50);
  private final Counting live = new Counting();
  private boolean mounted;

  private static final class Counting implements FlowIngest {
    private volatile int taken;

    @Override
    public synchronized CompletableFuture<Void> accept(List<FlowUpdate> updates) {
      taken = taken + updates.size();
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public Map<String, Long> lastSequences() {
      return Map.of();
    }
  }

  @BeforeEach
  void makeASmallDisk() throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", directory.toString());
    if (!mounted) {
      System.err.println("SKIPPED: FullDiskTest needs root to mount a small disk");
    }
    assumeThat(mounted).as("a small disk can be mounted").isTrue();
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", directory.toString())).isTrue();
    }
  }

  private static boolean run(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void fill(Path file) throws IOException {
    byte[] block = new byte[4096];
    try (OutputStream out = Files.newOutputStream(file)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException e) {
      assertThat(Files.size(file)).as("filled up: %s", e.getMessage()).isPositive();
    }
  }

  private void accept(Archive archive, int count) throws Exception {
    List<FlowUpdate> updates = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      updates.add(
          new FlowUpdate(
              new FlowUpdate.Origin("node-1", i + 1L),
              clock.instant(),
              keys.get(i % keys.size()),
              List.of(),
              List.of(),
              new FlowCounters(1, 0, 0, 0, 0, 0, 0)));
    }
    archive.accept(updates).get();
  }

  private void closeBuckets(Archive archive) throws InterruptedException {
    clock.turn(Duration.ofMinutes(1));
    archive.writeNow();
  }

  private static long packets(Archive archive) {
    return new HistoryReader(archive, () -> FlowHistory.EMPTY)
            .list(TimeRange.ALWAYS, FlowFilter.ALL, FlowOrder.TIME, Page.Request.EVERYTHING)
            .items()
            .stream()
            .map(Flow::counters)
            .mapToLong(FlowCounters::packetsIn)
            .sum();
  }

  @Test
  void servingGoesOnAndTheLossIsCounted() throws Exception {
    Path filler = directory.resolve("filler");
    try (Archive archive =
        Archive.open(ArchiveConfig.in(directory.resolve("history")), clock, drops)) {
      archive.start(live);
      accept(archive, 100);
      closeBuckets(archive);
      assertThat(packets(archive)).isEqualTo(100);

      fill(filler);
      accept(archive, 2_000);
      closeBuckets(archive);
      accept(archive, 200);
      assertThat(live.taken).isEqualTo(2_300);
      assertThat(drops.get(DropReason.NOT_DURABLE)).isPositive();
      assertThat(archive.status().problem()).contains("cannot be written");

      Files.delete(filler);
      accept(archive, 300);
      closeBuckets(archive);
      assertThat(archive.status().problem()).isNull();
      assertThat(packets(archive)).as("what waited in memory is written").isEqualTo(2_600);
    }
  }
}
