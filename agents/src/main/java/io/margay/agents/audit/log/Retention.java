package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.Receipt;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.merkle.Frontier;
import io.margay.agents.audit.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Removes whole segments, the oldest first and never the newest one. The hashes of their records
 * stay, so what is left, and each checkpoint ever signed, can still be verified; and a record says
 * what was removed.
 */
final class Retention {
  private final LogFiles files;
  private final AuditLog log;

  Retention(LogFiles files, AuditLog log) {
    this.files = files;
    this.log = log;
  }

  /**
   * Removes segments of which each record is older than a time.
   *
   * @param now for the record that tells of it
   * @return what was removed; empty if no segment is old enough
   */
  Optional<Pruned> prune(Instant before, String actor, Instant now)
      throws IOException, AuditUnavailableException {
    List<Long> starts = files.segmentStarts();
    int kept = 0;
    while (kept + 1 < starts.size() && beginsBefore(starts.get(kept + 1), before)) {
      kept++;
    }
    return prune(starts, kept, pruning(actor, now).withDetail("before", before.toString()));
  }

  /**
   * Removes segments until the files of those that are left have no more bytes together.
   *
   * @return what was removed; empty if they have not
   */
  Optional<Pruned> pruneTo(long bytes, String actor, Instant now)
      throws IOException, AuditUnavailableException {
    List<Long> starts = files.segmentStarts();
    long size = 0;
    for (long start : starts) {
      size += Files.size(files.segment(start));
    }
    int kept = 0;
    while (kept + 1 < starts.size() && size > bytes) {
      size -= Files.size(files.segment(starts.get(kept)));
      kept++;
    }
    return prune(starts, kept, pruning(actor, now).withDetail("bytes", Long.toString(bytes)));
  }

  private static Draft pruning(String actor, Instant now) {
    return Draft.plain(AuditKind.PRUNE, "", now).withActor(actor);
  }

  private Optional<Pruned> prune(List<Long> starts, int kept, Draft why)
      throws IOException, AuditUnavailableException {
    if (kept == 0) {
      return Optional.empty();
    }
    long end = starts.get(kept);
    StoredTiles tiles = new StoredTiles(files, new StoredRecords(files)::leaves);
    String subtrees =
        Frontier.of(tiles, end).subtrees().stream()
            .map(Hash::base64)
            .collect(Collectors.joining(" "));
    Receipt receipt =
        log.append(
            why.withDetail("end", Long.toString(end))
                .withDetail("first", Long.toString(starts.getFirst()))
                .withDetail("previous", first(end).orElseThrow().previous())
                .withDetail("subtrees", subtrees));
    LogFiles.replace(files.pruned(), end + "\n");
    removeSegments(files, end);
    return Optional.of(new Pruned(starts.getFirst(), end, receipt));
  }

  /** Whether a segment's first record is older; those of the segment before it are older still. */
  private boolean beginsBefore(long segment, Instant time) throws IOException {
    return first(segment).map(record -> record.time().isBefore(time)).orElse(false);
  }

  private Optional<AuditRecord> first(long segment) throws IOException {
    try (SegmentReader reader = SegmentReader.open(files, segment)) {
      return reader.read() instanceof Batch batch
          ? Optional.of(RecordJson.read(batch.records().getFirst().bytes()))
          : Optional.empty();
    }
  }

  static void removeSegments(LogFiles files, long end) throws IOException {
    List<Long> starts = files.segmentStarts();
    for (int i = 0; i + 1 < starts.size() && starts.get(i + 1) <= end; i++) {
      Files.deleteIfExists(files.index(starts.get(i)));
      Files.delete(files.segment(starts.get(i)));
    }
  }
}
