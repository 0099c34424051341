package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Damaged;
import io.margay.agents.audit.log.SegmentReader.End;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.log.SegmentReader.Torn;
import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Finds the end of a log that was closed, or that broke off at any moment. Looks at the segments
 * since the last checkpoint, at least at two; {@code margay audit verify} looks at all of them.
 */
final class Recovery {
  private final LogFiles files;
  private final List<Long> starts;
  private final Optional<Checkpoint> checkpoint;
  private final TileWriter tiles;

  private final int firstScanned;
  private String lastHash = AuditRecord.NO_PREVIOUS;
  private Instant lastTime = Instant.EPOCH;
  private long end;
  private Optional<Cut> cut = Optional.empty();

  private Recovery(LogFiles files, NoteKey key) throws IOException {
    this.files = files;
    finishPruning();
    this.starts = files.segmentStarts();
    this.checkpoint = newestCheckpoint(key);
    long known = checkpoint.map(Checkpoint::size).orElse(0L);
    if (starts.isEmpty()) {
      if (known > 0) {
        throw missing(0, known);
      }
      firstScanned = 0;
    } else {
      int first = Math.max(0, starts.size() - 2);
      while (first > 0 && starts.get(first) > known) {
        first--;
      }
      firstScanned = first;
    }
    StoredTiles stored = new StoredTiles(files, new StoredRecords(files)::leaves);
    this.tiles =
        new TileWriter(files.root(), stored, starts.isEmpty() ? 0 : starts.get(firstScanned));
  }

  /**
   * Where a log goes on.
   *
   * @param activeFirst first sequence of the segment that is written to
   * @param activeEnd where its last batch ends
   * @param tiles with all records in them
   * @param sealed records that have a checkpoint
   * @param cut what was removed behind the last durable batch
   */
  record Found(
      long activeFirst,
      long activeEnd,
      String lastHash,
      Instant lastTime,
      TileWriter tiles,
      long sealed,
      Optional<Cut> cut) {}

  /**
   * An incomplete batch that was removed.
   *
   * @param saved the file that keeps its bytes
   */
  record Cut(long sequence, int bytes, String reason, Path saved) {}

  /**
   * Finds the end.
   *
   * @throws AuditDamageException if records that were acknowledged are damaged or missing
   */
  static Found run(LogFiles files, NoteKey key) throws IOException {
    return new Recovery(files, key).run();
  }

  private Found run() throws IOException {
    for (int i = firstScanned; i < starts.size(); i++) {
      scan(
          starts.get(i), i + 1 < starts.size() ? Optional.of(starts.get(i + 1)) : Optional.empty());
      NotesFile.repair(files.notes(starts.get(i)));
    }
    long known = checkpoint.map(Checkpoint::size).orElse(0L);
    if (tiles.size() < known) {
      throw missing(tiles.size(), known);
    }
    return new Found(
        starts.isEmpty() ? 0 : starts.getLast(), end, lastHash, lastTime, tiles, known, cut);
  }

  private static AuditDamageException missing(long size, long known) {
    return new AuditDamageException(
        "the log ends before record "
            + size
            + ", but a checkpoint was signed over "
            + known
            + " records: "
            + (known - size)
            + " are missing");
  }

  private Optional<Checkpoint> newestCheckpoint(NoteKey key) throws IOException {
    Optional<String> note = LogFiles.text(files.checkpoint());
    try {
      return note.map(text -> Checkpoint.open(text, key));
    } catch (IllegalArgumentException e) {
      throw new AuditDamageException(
          files.checkpoint()
              + ": "
              + e.getMessage()
              + "; give the key that signed it, or begin another log");
    }
  }

  private void scan(long first, Optional<Long> following) throws IOException {
    Path file = files.segment(first);
    try (SegmentReader reader = SegmentReader.open(files, first)) {
      boolean isOver = false;
      while (!isOver) {
        switch (reader.read()) {
          case Batch batch -> {
            for (Stored record : batch.records()) {
              take(record, file, first > 0 && tiles.size() == starts.get(firstScanned));
            }
          }
          case End _ -> isOver = true;
          case Torn torn -> {
            cut(
                file,
                torn.sequence(),
                torn.at(),
                torn.length(),
                "its writing broke off",
                following);
            isOver = true;
          }
          case Damaged damaged -> {
            if (!damaged.isLast()) {
              throw damage(file, damaged.sequence(), damaged.at(), damaged.reason());
            }
            cut(
                file,
                damaged.sequence(),
                damaged.at(),
                damaged.length(),
                damaged.reason(),
                following);
            isOver = true;
          }
        }
      }
      end = reader.position();
      if (following.isPresent() && following.get() != reader.next()) {
        throw damage(
            file,
            reader.next(),
            reader.position(),
            "the segment ends here, the next one begins with record " + following.get());
      }
    }
  }

  private void take(Stored stored, Path file, boolean isFirstSeen) throws IOException {
    AuditRecord record;
    try {
      record = RecordJson.read(stored.bytes());
    } catch (IllegalArgumentException e) {
      throw damage(file, stored.sequence(), stored.at(), String.valueOf(e.getMessage()));
    }
    if (record.sequence() != stored.sequence()) {
      throw damage(file, stored.sequence(), stored.at(), "it says to be " + record.sequence());
    }
    if (!isFirstSeen && !record.previous().equals(lastHash)) {
      throw damage(file, stored.sequence(), stored.at(), "it does not follow the one before it");
    }
    lastHash = Hash.of(stored.bytes()).hex();
    lastTime = record.time();
    tiles.add(Hash.ofLeaf(stored.bytes()));
    if (checkpoint.isPresent()
        && checkpoint.get().size() == tiles.size()
        && !checkpoint.get().root().equals(tiles.root())) {
      throw damage(
          file,
          stored.sequence(),
          stored.at(),
          "up to here the records are not those over which the newest checkpoint was signed");
    }
  }

  /**
   * Removes what is behind the last durable batch. A batch is begun when the one before it is
   * durable, and a checkpoint is signed over durable batches: what a checkpoint knows, or what
   * something follows, was acknowledged, and is not removed.
   */
  private void cut(
      Path file, long sequence, int at, int length, String reason, Optional<Long> following)
      throws IOException {
    if (following.isPresent() || sequence < checkpoint.map(Checkpoint::size).orElse(0L)) {
      throw damage(file, sequence, at, reason);
    }
    Path saved = file.resolveSibling(file.getFileName() + ".torn-" + sequence);
    try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(length);
      while (bytes.hasRemaining() && from.read(bytes, (long) at + bytes.position()) >= 0) {
        // One read may bring less than what is there.
      }
      Files.write(saved, bytes.array());
    }
    cut = Optional.of(new Cut(sequence, length, reason, saved));
  }

  private static AuditDamageException damage(Path file, long sequence, int at, String reason) {
    return new AuditDamageException(
        file + ", byte " + at + ", record " + sequence + ": " + reason + "; the log is not opened");
  }

  /** Removes segments that a PRUNE record says are removed. */
  private void finishPruning() throws IOException {
    Optional<String> text = LogFiles.text(files.pruned());
    if (text.isPresent()) {
      Retention.removeSegments(files, Long.parseLong(text.get().strip()));
    }
  }
}
