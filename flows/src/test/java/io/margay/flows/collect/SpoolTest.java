package io.margay.flows.collect;

import static io.margay.flows.collect.Updates.updates;
import static org.assertj.core.api.Assertions.assertThat;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final Duration NOW = Duration.ZERO;

  @TempDir Path folder;
  private final DropCounters drops = new DropCounters();

  private Spool spool(int inMemory, long onDisk, long inFile) throws IOException {
    return new Spool(folder, "node-1", new SpoolLimits(inMemory, onDisk, inFile), drops);
  }

  private static List<Long> takeAll(Spool spool) throws InterruptedException {
    List<Long> taken = new ArrayList<>();
    List<FlowUpdate> some = spool.take(100, Integer.MAX_VALUE, NOW);
    while (!some.isEmpty()) {
      some.forEach(update -> {
        taken.add(update.origin().sequence());
        spool.acknowledge();
      });
      some = spool.take(100, Integer.MAX_VALUE, NOW);
    }
    return taken;
  }

  private static List<Long> numbers(long from, long to) {
    return updates(from, to).stream().map(update -> update.origin().sequence()).toList();
  }

  @Test
  void theWindowBoundsWhatIsSent() throws Exception {
    try (Spool spool = spool(100, 0, 1)) {
      spool.append(updates(1, 10));
      assertThat(spool.take(100, 4, NOW)).hasSize(4);
      assertThat(spool.take(100, 4, NOW)).isEmpty();
      spool.acknowledge();
      assertThat(spool.take(100, 4, NOW)).isEqualTo(updates(5, 5));
    }
  }

  @Test
  void whatWasSentInVainIsSentAgainInOrder() throws Exception {
    try (Spool spool = spool(100, 0, 1)) {
      spool.append(updates(1, 5));
      spool.take(3, 100, NOW);
      spool.acknowledge();
      spool.rewind();
      assertThat(takeAll(spool)).isEqualTo(numbers(2, 5));
    }
  }

  @Test
  void whatDoesNotFitInMemoryGoesThroughTheDiskInOrder() throws Exception {
    try (Spool spool = spool(10, 1 << 20, 2_000)) {
      for (int i = 0; i < 20; i++) {
        spool.append(updates(i * 5 + 1, i * 5 + 5));
      }
      assertThat(spool.fill().updatesInMemory()).isEqualTo(10);
      assertThat(spool.fill().bytesOnDisk()).isPositive();
      assertThat(takeAll(spool)).isEqualTo(numbers(1, 100));
      assertThat(spool.fill()).isEqualTo(new Spool.Fill(0, 0));
    }
    assertThat(drops.get(DropReason.SPOOL_FULL)).isZero();
  }

  @Test
  void beyondTheDiskTheNewestIsDroppedAndCounted() throws Exception {
    try (Spool spool = spool(10, 1, 1 << 20)) {
      spool.append(updates(1, 10));
      spool.append(updates(11, 20)); // the disk is empty, so they still fit
      spool.append(updates(21, 30));
      assertThat(drops.get(DropReason.SPOOL_FULL)).isEqualTo(10);
      assertThat(takeAll(spool)).isEqualTo(numbers(1, 20));
    }
  }

  @Test
  void theNextProcessSendsWhatThisOneCouldNot() throws Exception {
    try (Spool spool = spool(10, 1 << 20, 500)) {
      spool.append(updates(1, 10));
      spool.append(updates(11, 40));
      spool.take(5, 100, NOW);
      spool.acknowledge();
    }
    try (Spool next = spool(10, 1 << 20, 500)) {
      next.append(updates(41, 42));
      assertThat(takeAll(next)).isEqualTo(numbers(2, 42));
    }
  }

  @Test
  void aFileThatBreaksOffIsReadUpToThere() throws Exception {
    try (Spool spool = spool(0, 1 << 20, 1 << 20)) {
      spool.append(updates(1, 10));
    }
    try (Stream<Path> files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      Files.write(
          file,
          java.util.Arrays.copyOf(bytes, bytes.length - 7),
          StandardOpenOption.TRUNCATE_EXISTING);
    }
    try (Spool next = spool(0, 1 << 20, 1 << 20)) {
      next.append(updates(11, 12));
      assertThat(takeAll(next)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 11L, 12L);
    }
  }
}
