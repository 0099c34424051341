package io.margay.agents.audit.log;

import io.margay.agents.audit.Receipt;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.Tile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Numbers and chains records, and writes them to the segments. Of the writer's thread. */
final class BatchWriter implements AutoCloseable {
  /** Bytes at which a segment ends early: places in it are ints, and it is read as a whole. */
  private static final long MAX_SEGMENT_BYTES = 256 << 20;

  private final LogFiles files;
  private final LogSettings settings;
  private final InstantSource clock;
  private final Sealer sealer;
  private final SegmentPreparer preparer;
  private final Indexer indexer;
  private SegmentWriter segment;
  private long segmentFirst;
  private long next;
  private String lastHash;
  private Instant lastTime;

  BatchWriter(
      LogFiles files,
      LogSettings settings,
      InstantSource clock,
      Sealer sealer,
      Recovery.Found found)
      throws IOException {
    this.files = files;
    this.settings = settings;
    this.clock = clock;
    this.sealer = sealer;
    this.segmentFirst = found.activeFirst();
    this.next = found.tiles().size();
    this.lastHash = found.lastHash();
    this.lastTime = found.lastTime();
    this.segment =
        SegmentWriter.open(files.segment(segmentFirst), found.activeEnd(), settings.prepareBytes());
    this.preparer =
        new SegmentPreparer(files.segments().resolve("next.prepared"), settings.prepareBytes());
    this.indexer = new Indexer(files);
    preparer.begin();
  }

  /**
   * How many records the next batch may have. Segments end at full tiles, so that what is pruned
   * with one is whole subtrees.
   */
  int room() {
    long untilFull = segmentFirst + settings.segmentRecords() - next;
    long untilTile = Tile.FULL - next % Tile.FULL;
    return (int) (segment.end() >= MAX_SEGMENT_BYTES ? untilTile : untilFull);
  }

  /**
   * Writes a batch, and tells those who wait.
   *
   * @throws IOException if nothing of it is in the log; nobody was told yet
   */
  void write(List<Entry> entries) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    Instant time = now.isBefore(lastTime) ? lastTime : now;
    List<byte[]> records = new ArrayList<>(entries.size());
    List<Receipt> receipts = new ArrayList<>(entries.size());
    String previous = lastHash;
    for (Entry entry : entries) {
      long sequence = next + records.size();
      byte[] record = RecordJson.record(entry.event(), previous, sequence, time);
      previous = Hash.of(record).hex();
      records.add(record);
      receipts.add(new Receipt(sequence, previous, time));
    }
    segment.write(next, records);
    next += records.size();
    lastHash = previous;
    lastTime = time;
    // Before anybody is told, so that a checkpoint covers what was acknowledged before it.
    sealer.add(segmentFirst, records);
    for (int i = 0; i < entries.size(); i++) {
      entries.get(i).written().complete(receipts.get(i));
    }
  }

  /** Begins another segment if this one is full. */
  void rollIfFull() throws IOException {
    boolean isFull =
        next - segmentFirst >= settings.segmentRecords()
            || (segment.end() >= MAX_SEGMENT_BYTES && next % Tile.FULL == 0);
    if (isFull) {
      SegmentWriter full = segment;
      Path file = files.segment(next);
      segment =
          preparer.moveTo(file) ? SegmentWriter.openPrepared(file) : SegmentWriter.open(file, 0, 0);
      preparer.begin();
      long fullFirst = segmentFirst;
      segmentFirst = next;
      full.close();
      indexer.begin(fullFirst);
    }
  }

  /** Removes what a failed write left behind. */
  void cutOff() throws IOException {
    segment.cutOff();
  }

  long next() {
    return next;
  }

  @Override
  public void close() throws IOException {
    try (preparer;
        indexer) {
      segment.close();
    }
  }
}
