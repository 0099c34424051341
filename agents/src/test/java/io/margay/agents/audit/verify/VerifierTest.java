package io.margay.agents.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.audit.PayloadKey;
import io.margay.agents.audit.Samples;
import io.margay.agents.audit.log.AuditKeys;
import io.margay.agents.audit.log.DurableAuditLog;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.LogSettings;
import io.margay.agents.audit.log.RewrittenSegment;
import io.margay.agents.audit.merkle.NoteSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is proved, and what each kind of change is found by. */
@Timeout(300)
class VerifierTest {
  private static final LogSettings SETTINGS =
      new LogSettings(256, 0, Duration.ofHours(1), 1_000_000, 2_000_000);

  @TempDir Path folder;
  private final AuditKeys keys =
      new AuditKeys(
          new NoteSigner("test.example/audit", NoteSigner.generate()),
          new PayloadKey(new byte[PayloadKey.SIZE]));
  private Instant now = Samples.NOW;

  /**
   * A log with a START record and these many more, in batches of one; a checkpoint after each 7.
   */
  private Path log(String name, int records) throws IOException {
    Path directory = folder.resolve(name);
    try (DurableAuditLog log = DurableAuditLog.open(directory, keys, SETTINGS, () -> now)) {
      for (int i = 1; i <= records; i++) {
        log.append(Samples.permitted(i));
        if (i % 7 == 0) {
          log.seal();
        }
      }
    }
    return directory;
  }

  private Report verify(Path place, String... checkpoints) throws IOException {
    return Verifier.verify(place, Optional.of(keys.signer().verifier()), List.of(checkpoints));
  }

  private void assertFails(Path place, String reason) throws IOException {
    Report report = verify(place);
    assertThat(report.isVerified()).as(reason).isFalse();
    assertThat(report.problems()).anySatisfy(problem -> assertThat(problem).contains(reason));
  }

  @Test
  void aLogIsVerified() throws IOException {
    Report report = verify(log("log", 600));
    assertThat(report.problems()).isEmpty();
    assertThat(report.summary())
        .startsWith("601 records, tree size 601, root ")
        .endsWith(", 86 checkpoints: verified");
    assertThat(report.remarks()).isEmpty();
  }

  @Test
  void aLogIsVerifiedWhileItIsWritten() throws Exception {
    Path directory = log("log", 1);
    try (DurableAuditLog log = DurableAuditLog.open(directory, keys, SETTINGS, () -> now);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Callable<Integer> write =
          () -> {
            for (int i = 0; i < 1_000; i++) {
              log.append(Samples.permitted(i));
            }
            log.seal();
            return 1_000;
          };
      Future<Integer> written = thread.submit(write);
      do {
        assertThat(verify(directory).problems()).isEmpty();
      } while (!written.isDone());
      assertThat(written.get()).isEqualTo(1_000);
    }
  }

  @Test
  void oneFlippedBitAnywhereIsFound() throws IOException {
    Path directory = log("log", 20);
    Path segment = new LogFiles(directory).segment(0);
    byte[] whole = Files.readAllBytes(segment);
    for (int at = 0; at < whole.length; at += 97) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(segment, changed);
      assertThat(verify(directory).isVerified()).as("byte " + at).isFalse();
    }
    Files.write(segment, whole);
    assertThat(verify(directory).isVerified()).isTrue();
  }

  @Test
  void aChangedRecordIsNamedEvenIfItsChecksumsWereMended() throws IOException {
    Path directory = log("log", 300);
    List<byte[]> records = RewrittenSegment.read(directory, 0);
    String text = new String(records.get(17), StandardCharsets.UTF_8);
    records.set(17, text.replace("alice", "alicf").getBytes(StandardCharsets.UTF_8));
    RewrittenSegment.write(directory, 0, records);
    Report report = verify(directory);
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem).startsWith("record 18: it was chained to"))
        .anySatisfy(problem ->
            assertThat(problem).isEqualTo("record 17: not the one whose hash is in tile/0/000"))
        .anySatisfy(problem -> assertThat(problem).startsWith("checkpoint of size 22: "));
  }

  @Test
  void aRemovedRecordIsFound() throws IOException {
    Path directory = log("log", 20);
    List<byte[]> records = RewrittenSegment.read(directory, 0);
    records.remove(5);
    RewrittenSegment.write(directory, 0, records);
    assertFails(directory, "record 5: in its place is record 6");
  }

  @Test
  void recordsInAnotherOrderAreFound() throws IOException {
    Path directory = log("log", 20);
    List<byte[]> records = RewrittenSegment.read(directory, 0);
    Collections.swap(records, 8, 9);
    RewrittenSegment.write(directory, 0, records);
    assertFails(directory, "record 8: in its place is record 9");
  }

  @Test
  void recordsMissingAtTheEndAreFound() throws IOException {
    Path directory = log("log", 20);
    List<byte[]> records = RewrittenSegment.read(directory, 0);
    RewrittenSegment.write(directory, 0, records.subList(0, 19));
    assertFails(directory, "the log ends after 19 records, 2 are missing at its end");
  }

  @Test
  void aMissingSegmentIsFound() throws IOException {
    Path directory = log("log", 700);
    LogFiles files = new LogFiles(directory);
    Path first = files.segment(0);
    byte[] bytes = Files.readAllBytes(first);
    Files.delete(first);
    assertFails(directory, "records 0 to 255 are missing, and no PRUNE record tells of it");
    Files.write(first, bytes);
    Files.delete(files.segment(256));
    assertFails(directory, "record 256: missing; a segment begins with record 512");
  }

  @Test
  void anotherHistorySignedWithTheSameKeyIsFoundByAnOldCheckpoint() throws IOException {
    String known = Files.readString(log("log", 20).resolve("checkpoint"));
    now = now.plusSeconds(1);
    Path shorter = log("shorter", 10);
    assertThat(verify(shorter).isVerified()).isTrue();
    assertThat(verify(shorter, known).problems())
        .anySatisfy(problem ->
            assertThat(problem).contains("checkpoint of size 21: the log ends after 11 records"));
    Path longer = log("longer", 40);
    assertThat(verify(longer).isVerified()).isTrue();
    assertThat(verify(longer, known).problems())
        .anySatisfy(problem ->
            assertThat(problem).contains("checkpoint of size 21: it was signed over the root"));
  }

  @Test
  void anotherKeyProvesNothing() throws IOException {
    Path directory = log("log", 3);
    NoteSigner other = new NoteSigner("test.example/audit", NoteSigner.generate());
    Report report = Verifier.verify(directory, Optional.of(other.verifier()), List.of());
    assertThat(report.problems())
        .anySatisfy(problem -> assertThat(problem).contains("is not signed by the key"));
    Report own = Verifier.verify(directory, Optional.empty(), List.of());
    assertThat(own.isVerified()).isTrue();
    assertThat(own.remarks()).anySatisfy(note -> assertThat(note).contains("compare it with"));
  }

  @Test
  void aLogThatIsWrittenIsVerifiedAsFarAsItIsSealed() throws IOException {
    Path directory = folder.resolve("log");
    try (DurableAuditLog log = DurableAuditLog.open(directory, keys, SETTINGS, () -> now)) {
      log.append(Samples.permitted(1));
      log.seal();
      log.append(Samples.permitted(2));
      Report report = verify(directory);
      assertThat(report.problems()).isEmpty();
      assertThat(report.remarks())
          .containsExactly(
              "1 records behind the newest checkpoint are chained, but not sealed yet");
    }
  }

  @Test
  void aPrunedLogIsVerifiedWithEachCheckpointEverSigned() throws IOException {
    Path directory = log("log", 600);
    now = now.plus(Duration.ofDays(200));
    try (DurableAuditLog log = DurableAuditLog.open(directory, keys, SETTINGS, () -> now)) {
      for (int i = 0; i < 200; i++) {
        log.append(Samples.permitted(i));
      }
      assertThat(log.prune(now.minus(Duration.ofDays(180)), "dave")).isPresent();
    }
    Report report = verify(directory);
    assertThat(report.problems()).isEmpty();
    assertThat(report.checkpoints()).isGreaterThan(85);
    assertThat(report.remarks())
        .contains("records 0 to 511 were removed by retention; their hashes are left");

    Path tiles = folder.resolve("tiles");
    TileDirectory.write(new LogFiles(directory), tiles);
    assertThat(verify(tiles).problems()).isEmpty();
    Path lines = folder.resolve("lines");
    ExportFile.write(new LogFiles(directory), lines, Optional.empty());
    assertThat(verify(lines).problems()).isEmpty();

    Files.delete(directory.resolve("tile/0/001"));
    assertFails(directory, "records 256 and following are missing, and so are their hashes");
  }

  @Test
  void anExportedDirectoryIsVerified() throws IOException {
    Path tiles = folder.resolve("tiles");
    TileDirectory.write(new LogFiles(log("log", 300)), tiles);
    assertThat(tiles.resolve("tile/entries/000")).exists();
    assertThat(tiles.resolve("tile/entries/001.p/45")).exists();
    assertThat(tiles.resolve("tile/0/001.p/45")).hasSize(45 * 32);
    assertThat(tiles.resolve("tile/1/000.p/1")).hasSize(32);
    Report report = verify(tiles);
    assertThat(report.problems()).isEmpty();
    assertThat(report.records()).isEqualTo(301);
    assertFlipsAreFound(tiles, tiles.resolve("tile/entries/001.p/45"), 1_511);
    assertFlipsAreFound(tiles, tiles.resolve("tile/0/000"), 1_009);
    assertFlipsAreFound(tiles, tiles.resolve("checkpoint"), 11);
    assertThatThrownBy(() -> TileDirectory.write(new LogFiles(folder.resolve("log")), tiles))
        .hasMessageContaining("not empty");
  }

  @Test
  void anExportedFileIsVerified() throws IOException {
    Path file = folder.resolve("audit.jsonl");
    assertThat(ExportFile.write(new LogFiles(log("log", 30)), file, Optional.empty()))
        .isEqualTo(31);
    Report report = verify(file);
    assertThat(report.problems()).isEmpty();
    assertThat(report.records()).isEqualTo(31);

    List<String> lines = Files.readAllLines(file);
    for (int i = 1; i < lines.size(); i++) {
      List<String> less = new ArrayList<>(lines);
      less.remove(i);
      Files.write(file, less);
      assertThat(verify(file).isVerified()).as("without line " + i).isFalse();
    }
    Files.write(file, lines);
    int header = lines.getFirst().length() + 1;
    byte[] whole = Files.readAllBytes(file);
    for (int at = header; at < whole.length; at += 997) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThat(isVerified(file)).as("byte " + at).isFalse();
    }
  }

  @Test
  void anExtractProvesItsRecords() throws IOException {
    Path file = folder.resolve("extract.jsonl");
    Path directory = log("log", 30);
    long count =
        ExportFile.write(
            new LogFiles(directory), file, Optional.of(record -> record.sequence() % 10 == 3));
    assertThat(count).isEqualTo(3);
    Report report = verify(file);
    assertThat(report.problems()).isEmpty();
    assertThat(report.remarks()).anySatisfy(note -> assertThat(note).startsWith("an extract"));

    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\"subject\":\"alice\"", "\"subject\":\"mallory\""));
    assertFails(file, "record 3: its proof does not lead to the root");
  }

  private boolean isVerified(Path place) {
    try {
      return verify(place).isVerified();
    } catch (IOException | IllegalArgumentException e) {
      // Bytes that are no text, or no export, are not verified either.
      return false;
    }
  }

  private void assertFlipsAreFound(Path place, Path file, int step) throws IOException {
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += step) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(file, changed);
      assertThat(isVerified(place)).as(file.getFileName() + ", byte " + at).isFalse();
    }
    Files.write(file, whole);
    assertThat(isVerified(place)).isTrue();
  }

  @Test
  void whatIsNoLogIsSaidToBeNone() throws IOException {
    assertThatThrownBy(() -> verify(folder)).hasMessageContaining("no audit log and no export");
    Path file = folder.resolve("other");
    Files.writeString(file, "{}\n");
    assertThatThrownBy(() -> verify(file)).hasMessageContaining("no export of an audit log");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }
}
