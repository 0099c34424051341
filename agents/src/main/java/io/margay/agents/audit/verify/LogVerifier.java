package io.margay.agents.audit.verify;

import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.SegmentReader;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Damaged;
import io.margay.agents.audit.log.SegmentReader.End;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.log.SegmentReader.Torn;
import io.margay.agents.audit.log.StoredTiles;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteKey;
import io.margay.agents.audit.merkle.Tile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies a log's own directory; a process may be writing it. */
final class LogVerifier {
  private final LogFiles files;
  private final Verification verification;

  /** Hashes of the records since the last full tile. */
  private final List<Hash> sinceTile = new ArrayList<>();

  private LogVerifier(LogFiles files, Verification verification) {
    this.files = files;
    this.verification = verification;
  }

  static Report verify(LogFiles files, NoteKey key, List<String> more) throws IOException {
    // Checkpoints first: what they know is written by now.
    List<String> notes = new ArrayList<>(files.notes());
    notes.addAll(more);
    Verification verification = new Verification(new Checkpoints(key, notes));
    new LogVerifier(files, verification).run();
    return verification.finish();
  }

  private void run() throws IOException {
    List<Long> starts = files.segmentStarts();
    if (!starts.isEmpty() && !takeRemoved(starts.getFirst())) {
      return;
    }
    for (int i = 0; i < starts.size(); i++) {
      long start = starts.get(i);
      if (start != verification.next()) {
        verification.problem(
            "record " + verification.next() + ": missing; a segment begins with record " + start);
        return;
      }
      readSegment(start, i + 1 == starts.size());
    }
  }

  /** Takes the hashes of the records that were removed before the first segment. */
  private boolean takeRemoved(long first) throws IOException {
    StoredTiles tiles =
        new StoredTiles(
            files,
            (at, _) -> {
              throw new IOException("the hashes of removed records from " + at + " on are missing");
            });
    for (long index = 0; index < first / Tile.FULL; index++) {
      Optional<List<Hash>> leaves = tiles.stored(new Tile(0, index, Tile.FULL));
      if (leaves.isEmpty()) {
        verification.problem(
            "records " + index * Tile.FULL + " and following are missing, and so are their hashes");
        return false;
      }
      leaves.get().forEach(verification::removed);
    }
    return true;
  }

  private void readSegment(long start, boolean isLast) throws IOException {
    try (SegmentReader reader = SegmentReader.open(files, start)) {
      while (true) {
        switch (reader.read()) {
          case Batch batch -> take(batch.records());
          case End _ -> {
            return;
          }
          case Torn torn -> {
            String what =
                "the last batch, from record "
                    + torn.sequence()
                    + " on, was not written to its end";
            if (isLast) {
              verification.remark(what + "; nothing of it was acknowledged");
            } else {
              verification.problem(what);
            }
            return;
          }
          case Damaged damaged -> {
            verification.problem(
                files.segment(start).getFileName()
                    + ", byte "
                    + damaged.at()
                    + ", record "
                    + damaged.sequence()
                    + (damaged.readable().size() > 1
                        ? " to " + damaged.readable().getLast().sequence()
                        : "")
                    + ": "
                    + damaged.reason());
            if (damaged.readable().isEmpty()) {
              verification.remark("records from " + damaged.sequence() + " on were not read");
              return;
            }
            take(damaged.readable());
            reader.skip(damaged);
          }
        }
      }
    }
  }

  private void take(List<Stored> records) throws IOException {
    for (Stored record : records) {
      verification.record(record.bytes());
      sinceTile.add(Hash.ofLeaf(record.bytes()));
      if (sinceTile.size() == Tile.FULL) {
        compareTile(record.sequence() / Tile.FULL);
        sinceTile.clear();
      }
    }
  }

  /** The tile's file shows which record was changed; whoever writes the log could change both. */
  private void compareTile(long index) throws IOException {
    Tile tile = new Tile(0, index, Tile.FULL);
    StoredTiles tiles = new StoredTiles(files, (_, _) -> List.of());
    Optional<List<Hash>> stored = tiles.stored(tile);
    for (int i = 0; stored.isPresent() && i < Tile.FULL; i++) {
      if (!stored.get().get(i).equals(sinceTile.get(i))) {
        verification.problem(
            "record " + (index * Tile.FULL + i) + ": not the one whose hash is in " + tile.path());
      }
    }
  }
}
