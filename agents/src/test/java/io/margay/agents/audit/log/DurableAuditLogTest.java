package io.margay.agents.audit.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.PayloadKey;
import io.margay.agents.audit.Receipt;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.Samples;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteSigner;
import io.margay.agents.audit.merkle.Proofs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A log on disk: written, closed, broken off, damaged. */
@Timeout(180)
class DurableAuditLogTest {
  private static final LogSettings SETTINGS =
      new LogSettings(256, 16 << 10, Duration.ofHours(1), 1_000_000, 2_000_000);

  @TempDir Path folder;
  private final AuditKeys keys =
      new AuditKeys(
          new NoteSigner("test.example/audit", NoteSigner.generate()),
          new PayloadKey(new byte[PayloadKey.SIZE]));
  private Instant now = Samples.NOW;

  private DurableAuditLog open() throws IOException {
    return DurableAuditLog.open(folder, keys, SETTINGS, () -> now);
  }

  private void append(DurableAuditLog log, int count) throws AuditUnavailableException {
    for (int i = 0; i < count; i++) {
      log.append(Samples.permitted(i));
    }
  }

  private List<Stored> stored() throws IOException {
    LogFiles files = new LogFiles(folder);
    List<Stored> records = new ArrayList<>();
    for (long start : files.segmentStarts()) {
      try (SegmentReader reader = SegmentReader.open(files, start)) {
        while (reader.read() instanceof Batch batch) {
          records.addAll(batch.records());
        }
      }
    }
    return records;
  }

  private List<AuditRecord> records() throws IOException {
    return stored().stream().map(record -> RecordJson.read(record.bytes())).toList();
  }

  private Path lastSegment() throws IOException {
    LogFiles files = new LogFiles(folder);
    return files.segment(files.segmentStarts().getLast());
  }

  @Test
  void recordsAreNumberedChainedAndSealed() throws Exception {
    Receipt receipt;
    try (DurableAuditLog log = open()) {
      receipt = log.append(Samples.permitted(1));
    }
    List<AuditRecord> records = records();
    assertThat(records).hasSize(2);
    assertThat(records.getFirst().event().kind()).isEqualTo(AuditKind.START);
    assertThat(records.getFirst().previous()).isEqualTo(AuditRecord.NO_PREVIOUS);
    byte[] first = stored().getFirst().bytes();
    assertThat(records.getLast().previous()).isEqualTo(Hash.of(first).hex());
    assertThat(receipt.sequence()).isEqualTo(1);
    assertThat(receipt.hash()).isEqualTo(Hash.of(stored().getLast().bytes()).hex());
    assertThat(receipt.time()).isEqualTo(now);
    assertThat(records.getLast().event().payload())
        .startsWith("hmac-sha256:")
        .doesNotContain("c-17");

    Checkpoint checkpoint =
        Checkpoint.open(Files.readString(folder.resolve("checkpoint")), keys.signer().verifier());
    assertThat(checkpoint.size()).isEqualTo(2);
    assertThat(checkpoint.root())
        .isEqualTo(Hash.ofNode(Hash.ofLeaf(first), Hash.ofLeaf(stored().getLast().bytes())));
  }

  @Test
  void whatNobodyWaitsForIsWrittenToo() throws Exception {
    try (DurableAuditLog log = open()) {
      CompletableFuture<Receipt> alone = log.appendLater(Samples.permitted(1));
      assertThat(alone.get(60, TimeUnit.SECONDS).sequence()).isEqualTo(1);

      CompletableFuture<Receipt> before = log.appendLater(Samples.permitted(2));
      assertThat(log.append(Samples.permitted(3)).sequence()).isEqualTo(3);
      assertThat(before.get(60, TimeUnit.SECONDS).sequence()).isEqualTo(2);

      log.appendLater(Samples.permitted(4));
    }
    assertThat(records()).extracting(AuditRecord::sequence).containsExactly(0L, 1L, 2L, 3L, 4L);
  }

  @Test
  void anOpenedLogGoesOn() throws Exception {
    for (int round = 0; round < 5; round++) {
      try (DurableAuditLog log = open()) {
        append(log, 199);
      }
    }
    List<Stored> stored = stored();
    assertThat(stored).hasSize(1_000);
    assertThat(new LogFiles(folder).segmentStarts()).containsExactly(0L, 256L, 512L, 768L);
    String previous = AuditRecord.NO_PREVIOUS;
    for (int i = 0; i < stored.size(); i++) {
      AuditRecord record = RecordJson.read(stored.get(i).bytes());
      assertThat(record.sequence()).isEqualTo(i);
      assertThat(record.previous()).isEqualTo(previous);
      previous = Hash.of(stored.get(i).bytes()).hex();
    }
    StoredTiles tiles =
        new StoredTiles(new LogFiles(folder), new StoredRecords(new LogFiles(folder))::leaves);
    Checkpoint checkpoint =
        Checkpoint.open(Files.readString(folder.resolve("checkpoint")), keys.signer().verifier());
    assertThat(Proofs.root(tiles, 1_000)).isEqualTo(checkpoint.root());
    assertThat(folder.resolve("tile/0/002")).hasSize(8_192);
  }

  @Test
  void manyThreadsGetARecordEach() throws Exception {
    List<Long> sequences = new ArrayList<>();
    try (DurableAuditLog log = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        int number = i;
        receipts.add(threads.submit(() -> log.append(Samples.permitted(number))));
      }
      for (Future<Receipt> receipt : receipts) {
        sequences.add(receipt.get().sequence());
      }
    }
    assertThat(sequences).doesNotHaveDuplicates().hasSize(2_000);
    assertThat(records()).hasSize(2_001);
  }

  @Test
  void anUnfinishedBatchIsCutOff() throws Exception {
    try (DurableAuditLog log = open()) {
      append(log, 9);
    }
    byte[] whole = Files.readAllBytes(lastSegment());
    try (DurableAuditLog log = open()) {
      append(log, 1);
    }
    // Two more records were written: cut within each of them, everywhere.
    byte[] longer = Files.readAllBytes(lastSegment());
    String checkpoint = note(10);
    for (int end = whole.length + 1; end < longer.length; end += 97) {
      byte[] cut = java.util.Arrays.copyOf(longer, end);
      Files.write(lastSegment(), java.util.Arrays.copyOf(cut, end + 500));
      Files.writeString(folder.resolve("checkpoint"), checkpoint);
      open().close();
      List<AuditRecord> records = records();
      assertThat(records.getLast().event().kind()).isEqualTo(AuditKind.START);
      assertThat(records).hasSizeBetween(11, 12);
      boolean isBetweenRecords = !records.getLast().event().details().containsKey("cutBytes");
      assertThat(isBetweenRecords).as("end " + end).isEqualTo(isEndOfBatch(longer, end));
    }
  }

  private String note(int size) throws IOException {
    return new LogFiles(folder)
        .notes().stream()
            .filter(note -> note.lines().toList().get(1).equals(Integer.toString(size)))
            .findFirst()
            .orElseThrow();
  }

  private boolean isEndOfBatch(byte[] file, int end) throws IOException {
    Path copy = folder.resolve("copy");
    Files.write(copy, file);
    try (SegmentReader reader = SegmentReader.open(copy, 0, 0)) {
      while (reader.position() < end && reader.read() instanceof Batch) {
        // Goes on to the batch that ends there or behind.
      }
      return reader.position() == end;
    }
  }

  @Test
  void damageInTheMiddleIsRefused() throws Exception {
    try (DurableAuditLog log = open()) {
      append(log, 20);
    }
    byte[] whole = Files.readAllBytes(lastSegment());
    for (int at = 0; at < whole.length; at += 61) {
      byte[] changed = whole.clone();
      changed[at] ^= 4;
      Files.write(lastSegment(), changed);
      assertThatThrownBy(this::open)
          .as("byte " + at)
          .isInstanceOf(AuditDamageException.class)
          .hasMessageContaining("record ");
    }
    Files.write(lastSegment(), whole);
    open().close();
  }

  @Test
  void recordsThatACheckpointKnowsMustBeThere() throws Exception {
    try (DurableAuditLog log = open()) {
      append(log, 300);
    }
    Path last = lastSegment();
    byte[] whole = Files.readAllBytes(last);
    try (RandomAccessFile file = new RandomAccessFile(last.toFile(), "rw")) {
      file.setLength(whole.length / 2);
    }
    assertThatThrownBy(this::open)
        .isInstanceOf(AuditDamageException.class)
        .hasMessageContaining("record ");
    Files.delete(last);
    assertThatThrownBy(this::open)
        .isInstanceOf(AuditDamageException.class)
        .hasMessageContaining("a checkpoint was signed over 301 records: 45 are missing");
  }

  @Test
  void anotherKeyDoesNotOpenIt() throws Exception {
    open().close();
    AuditKeys others =
        new AuditKeys(new NoteSigner("test.example/audit", NoteSigner.generate()), keys.payloads());
    assertThatThrownBy(() -> DurableAuditLog.open(folder, others, SETTINGS, () -> now))
        .isInstanceOf(AuditDamageException.class)
        .hasMessageContaining("give the key that signed it");
  }

  @Test
  void oneProcessWrites() throws Exception {
    try (DurableAuditLog log = open()) {
      assertThatThrownBy(this::open).hasMessageContaining("another process writes this audit log");
      append(log, 1);
    }
    open().close();
  }

  @Test
  void aClosedLogTakesNothing() throws Exception {
    DurableAuditLog log = open();
    log.close();
    log.close();
    assertThatThrownBy(() -> log.append(Samples.permitted(1)))
        .isInstanceOf(AuditUnavailableException.class)
        .hasMessage("the audit log is closed");
    assertThatThrownBy(log::seal).isInstanceOf(IOException.class);
  }

  @Test
  void whatCannotBeWrittenIsRefused() throws Exception {
    try (DurableAuditLog log = open();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      // The next segment's place is taken: the 257th record has nowhere to go.
      Files.createDirectory(new LogFiles(folder).segment(256));
      List<Future<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int number = i;
        receipts.add(threads.submit(() -> log.append(Samples.permitted(number))));
      }
      int written = 0;
      for (Future<Receipt> receipt : receipts) {
        try {
          receipt.get();
          written++;
        } catch (ExecutionException e) {
          assertThat(e).hasCauseInstanceOf(AuditUnavailableException.class);
        }
      }
      assertThat(written).isEqualTo(255);
      assertThatThrownBy(() -> append(log, 1))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("has to be opened again");
    }
    Files.delete(new LogFiles(folder).segment(256));
    open().close();
    assertThat(records()).hasSize(257);
  }

  @Test
  void recordsThatAreTooLargeAreRefused() throws Exception {
    try (DurableAuditLog log = open()) {
      Draft draft = Draft.plain(AuditKind.HALT, "", now);
      for (int i = 0; i < 20; i++) {
        draft = draft.withDetail("detail" + i, "x".repeat(8_000));
      }
      Draft large = draft;
      assertThatThrownBy(() -> log.append(large))
          .isInstanceOf(AuditUnavailableException.class)
          .hasMessageContaining("at most 64000");
      append(log, 1);
    }
  }

  @Test
  void timeNeverGoesBack() throws Exception {
    try (DurableAuditLog log = open()) {
      now = Samples.NOW.minusSeconds(60);
      append(log, 1);
    }
    try (DurableAuditLog log = open()) {
      append(log, 1);
    }
    assertThat(records()).extracting(AuditRecord::time).containsOnly(Samples.NOW);
  }

  @Test
  void oldSegmentsArePruned() throws Exception {
    try (DurableAuditLog log = open()) {
      append(log, 600);
      now = now.plus(Duration.ofDays(200));
      append(log, 300);
      assertThat(log.prune(Samples.NOW, "")).isEmpty();
      Optional<Pruned> pruned = log.prune(now.minus(Duration.ofDays(180)), "dave");
      assertThat(pruned).get().extracting(Pruned::first, Pruned::end).containsExactly(0L, 512L);
    }
    assertThat(new LogFiles(folder).segmentStarts()).containsExactly(512L, 768L);
    AuditRecord told = records().getLast();
    assertThat(told.event().kind()).isEqualTo(AuditKind.PRUNE);
    assertThat(told.event().actor()).isEqualTo("dave");
    assertThat(told.event().details())
        .containsEntry("end", "512")
        .containsEntry("previous", records().getFirst().previous());
    try (DurableAuditLog log = open()) {
      append(log, 1);
    }
    assertThat(records().getLast().sequence()).isEqualTo(903);
  }

  @Test
  void keysAreKeptForTheirOwnerOnly() throws IOException {
    Path directory = folder.resolve("keys");
    AuditKeys made = AuditKeys.loadOrCreate(directory, "a.example");
    AuditKeys read = AuditKeys.loadOrCreate(directory, "a.example");
    assertThat(read.signer().verifier()).hasToString(made.signer().verifier().toString());
    byte[] payload = "x".getBytes(StandardCharsets.UTF_8);
    assertThat(read.payloads().hash(payload)).isEqualTo(made.payloads().hash(payload));
    Path key = directory.resolve("checkpoint-signing.key");
    Files.setPosixFilePermissions(
        key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> AuditKeys.loadOrCreate(directory, "a.example"))
        .hasMessageContaining("run chmod 600");
  }
}
