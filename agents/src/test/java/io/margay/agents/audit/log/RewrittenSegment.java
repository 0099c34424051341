package io.margay.agents.audit.log;

import io.margay.agents.audit.log.SegmentReader.Batch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What somebody can do to a log who knows its file format but has not its key. */
public final class RewrittenSegment {
  private RewrittenSegment() {}

  /** The records of a segment. */
  public static List<byte[]> read(Path log, long first) throws IOException {
    List<byte[]> records = new ArrayList<>();
    try (SegmentReader reader = SegmentReader.open(new LogFiles(log), first)) {
      while (reader.read() instanceof Batch batch) {
        batch.records().forEach(record -> records.add(record.bytes()));
      }
    }
    return records;
  }

  /** Replaces the records of a segment; lengths and checksums are right. */
  public static void write(Path log, long first, List<byte[]> records) throws IOException {
    try (SegmentWriter writer = SegmentWriter.open(new LogFiles(log).segment(first), 0, 0)) {
      writer.write(first, records);
    }
  }
}
