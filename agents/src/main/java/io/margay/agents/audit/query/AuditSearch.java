package io.margay.agents.audit.query;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.log.AuditDamageException;
import io.margay.agents.audit.log.GrowingIndex;
import io.margay.agents.audit.log.LogFiles;
import io.margay.agents.audit.log.SegmentIndex;
import io.margay.agents.audit.log.StoredIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Finds records in a log's directory, while it is written or afterwards. Full segments have an
 * index in a file; that of the newest one is kept here, and reads on at each question. Of any
 * number of threads, one at a time.
 */
public final class AuditSearch {
  private final LogFiles files;
  private Optional<GrowingIndex> newest = Optional.empty();

  public AuditSearch(LogFiles files) {
    this.files = files;
  }

  /** A page of records, newest first. */
  public synchronized AuditPage find(AuditQuery query) throws IOException {
    List<AuditRecord> found = new ArrayList<>();
    List<Long> starts = files.segmentStarts();
    for (int i = starts.size() - 1; i >= 0 && found.size() <= query.limit(); i--) {
      long start = starts.get(i);
      if (query.before().isEmpty() || start < query.before().getAsLong()) {
        try {
          collect(index(start, i == starts.size() - 1), query, found);
        } catch (NoSuchFileException e) {
          if (files.segmentStarts().contains(start)) {
            throw e;
          }
          // Retention has removed it meanwhile, and with it all that is older.
          break;
        }
      }
      if (query.after().isPresent() && start <= query.after().getAsLong()) {
        break;
      }
    }
    if (found.size() <= query.limit()) {
      return new AuditPage(found, OptionalLong.empty());
    }
    List<AuditRecord> page = found.subList(0, query.limit());
    return new AuditPage(page, OptionalLong.of(page.getLast().sequence()));
  }

  /** All records of a trace, oldest first. */
  public List<AuditRecord> trace(String traceId) throws IOException {
    AuditQuery query = AuditQuery.newest().with("trace", traceId).limit(10_000);
    return find(query).records().reversed();
  }

  /** What happened to a decision: its outcome, a hold, approvals; oldest first. */
  public List<AuditRecord> about(long decision) throws IOException {
    AuditQuery query = AuditQuery.newest().with("about", Long.toString(decision)).after(decision);
    return find(query).records().reversed();
  }

  private SegmentIndex index(long start, boolean isNewest) throws IOException {
    if (!isNewest) {
      return StoredIndex.of(files, start);
    }
    if (newest.isEmpty() || newest.get().first() != start) {
      newest = Optional.of(new GrowingIndex(files, start));
    }
    newest.get().catchUp();
    return newest.get();
  }

  private void collect(SegmentIndex index, AuditQuery query, List<AuditRecord> found)
      throws IOException {
    int low = query.since().map(time -> firstAtOrAfter(index, time)).orElse(0);
    int high = query.until().map(time -> firstAtOrAfter(index, time)).orElse(index.records());
    if (query.before().isPresent()) {
      high = (int) Math.min(high, query.before().getAsLong() - index.first());
    }
    if (query.after().isPresent()) {
      low = (int) Math.max(low, query.after().getAsLong() + 1 - index.first());
    }
    int[] candidates = candidates(index, query, low, high);
    if (candidates.length == 0) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(files.segment(index.first()), StandardOpenOption.READ)) {
      // One more than wanted tells whether there is another page.
      for (int i = candidates.length - 1; i >= 0 && found.size() <= query.limit(); i--) {
        AuditRecord record = read(channel, index, candidates[i]);
        if (query.wants(record)) {
          found.add(record);
        }
      }
    }
  }

  /** The records between two that may have all words, ascending. */
  private static int[] candidates(SegmentIndex index, AuditQuery query, int low, int high) {
    if (query.terms().isEmpty()) {
      return IntStream.range(low, high).toArray();
    }
    List<int[]> lists =
        query.terms().stream()
            .map(index::withTerm)
            .sorted(Comparator.comparingInt(list -> list.length))
            .toList();
    int[] common = lists.getFirst();
    for (int[] list : lists.subList(1, lists.size())) {
      common =
          IntStream.of(common).filter(number -> Arrays.binarySearch(list, number) >= 0).toArray();
    }
    return IntStream.of(common).filter(number -> number >= low && number < high).toArray();
  }

  private static int firstAtOrAfter(SegmentIndex index, Instant time) {
    // What is written in the last microsecond before a time is before it.
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, time.plusNanos(999));
    int low = 0;
    int high = index.records();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (index.micros(middle) < micros) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static AuditRecord read(FileChannel channel, SegmentIndex index, int number)
      throws IOException {
    int at = index.at(number);
    ByteBuffer length = read(channel, at - Integer.BYTES, Integer.BYTES);
    int size = length.getInt(0);
    long sequence = index.first() + number;
    try {
      if (size > 0 && size <= 65_535) {
        AuditRecord record = RecordJson.read(RecordJson.tree(read(channel, at, size).array()));
        if (record.sequence() == sequence) {
          return record;
        }
      }
    } catch (IllegalArgumentException e) {
      throw new AuditDamageException("record " + sequence + " is damaged: " + e.getMessage());
    }
    throw new AuditDamageException(
        "record " + sequence + " is not where it was: run margay audit verify");
  }

  private static ByteBuffer read(FileChannel channel, long at, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new AuditDamageException("the segment ends at byte " + (at + bytes.position()));
      }
    }
    return bytes.flip();
  }
}
