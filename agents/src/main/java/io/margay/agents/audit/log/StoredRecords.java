package io.margay.agents.audit.log;

import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Stored;
import io.margay.agents.audit.merkle.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads records of a log's segments by their sequence. */
public final class StoredRecords {
  private final LogFiles files;

  public StoredRecords(LogFiles files) {
    this.files = files;
  }

  /**
   * Some records, in their order.
   *
   * @throws AuditDamageException if one of them is not there
   */
  public List<Stored> read(long first, int count) throws IOException {
    List<Stored> records = new ArrayList<>(count);
    long wanted = first;
    List<Long> starts = files.segmentStarts();
    for (int i = 0; i < starts.size() && records.size() < count; i++) {
      boolean isBehind = i + 1 < starts.size() && starts.get(i + 1) <= wanted;
      if (!isBehind && starts.get(i) <= wanted) {
        collect(starts.get(i), wanted, first + count, records);
        wanted = first + records.size();
      }
    }
    if (records.size() < count) {
      throw new AuditDamageException("record " + wanted + " is not in the log's segments");
    }
    return records;
  }

  private void collect(long segment, long from, long to, List<Stored> records) throws IOException {
    try (SegmentReader reader = SegmentReader.open(files, segment)) {
      while (reader.next() < to && reader.read() instanceof Batch batch) {
        for (Stored record : batch.records()) {
          if (record.sequence() >= from && record.sequence() < to) {
            records.add(record);
          }
        }
      }
    }
  }

  /** The leaf hashes of some records. */
  public List<Hash> leaves(long first, int count) throws IOException {
    return read(first, count).stream().map(record -> Hash.ofLeaf(record.bytes())).toList();
  }
}
