package io.margay.flows.archive;

import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes updates durable before they are in the database: records are appended to a segment and
 * forced to disk. Each record has a position, and the database remembers for each bucket up to
 * which position it holds it; a segment goes when all its buckets are held. Owned by one thread.
 *
 * <pre>
 *   segment := "MARGAYJ1" record*
 *   record  := length of the rest, CRC-32C of the rest, position, entries (see JournalEncoder)
 * </pre>
 *
 * <p>A record that is cut short or damaged ends its segment: it was never acknowledged.
 */
final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final byte[] MAGIC = {'M', 'A', 'R', 'G', 'A', 'Y', 'J', '1'};
  private static final int HEADER = 8;
  private static final long SEGMENT_BYTES = 64L << 20;

  private final Path directory;
  private final KeyDictionary dictionary;
  private final List<Segment> segments = new ArrayList<>();
  private final JournalBytes bytes = new JournalBytes();
  private final Map<Integer, Long> bucketsInRecord = new HashMap<>();
  private @Nullable Open open;
  private long position;

  /**
   * A file.
   *
   * @param contained every bucket in it
   * @param buckets those that the database does not hold wholly, with the last position in the file
   */
  private record Segment(Path file, Set<Integer> contained, Map<Integer, Long> buckets) {
    Segment(Path file) {
      this(file, new HashSet<>(), new HashMap<>());
    }

    void add(int bucket, long position) {
      contained.add(bucket);
      buckets.merge(bucket, position, Math::max);
    }
  }

  /** The segment that is written to. */
  private static final class Open {
    final Segment segment;
    final FileChannel channel;
    final JournalEncoder encoder;
    long length;

    Open(Segment segment, FileChannel channel, JournalEncoder encoder) {
      this.segment = segment;
      this.channel = channel;
      this.encoder = encoder;
    }
  }

  Journal(Path directory, KeyDictionary dictionary) throws IOException {
    this.directory = directory;
    this.dictionary = dictionary;
    Files.createDirectories(directory);
  }

  /**
   * Reads what an earlier process left, in order.
   *
   * @param held for each bucket the position up to which the database holds it
   * @param updates gets what it does not hold
   */
  void replay(Map<Integer, Long> held, Consumer<FlowUpdate> updates) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files =
          all.filter(file -> file.getFileName().toString().endsWith(".journal")).sorted().toList();
    }
    for (Path file : files) {
      Segment segment = new Segment(file);
      replay(segment, held, updates);
      if (segment.buckets().isEmpty()) {
        Files.delete(file);
      } else {
        segments.add(segment);
      }
    }
    held.values().forEach(known -> position = Math.max(position, known));
    held.forEach(this::held);
  }

  private void replay(Segment segment, Map<Integer, Long> held, Consumer<FlowUpdate> updates)
      throws IOException {
    ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(segment.file()));
    JournalDecoder decoder = new JournalDecoder();
    if (all.remaining() < MAGIC.length
        || !all.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      log.warn("{} is no segment of the journal: nothing is read from it", segment.file());
      return;
    }
    all.position(MAGIC.length);
    while (all.remaining() > HEADER) {
      int length = all.getInt(all.position());
      int sum = all.getInt(all.position() + 4);
      if (length < Long.BYTES || length > all.remaining() - HEADER) {
        break;
      }
      ByteBuffer record = ByteBuffer.wrap(all.array(), all.position() + HEADER, length);
      if (checksum(record.duplicate()) != sum) {
        break;
      }
      long at = record.getLong();
      position = Math.max(position, at);
      decoder.read(
          record,
          update -> {
            int bucket = Buckets.of(update.bucket());
            segment.add(bucket, at);
            if (held.getOrDefault(bucket, -1L) < at) {
              updates.accept(update);
            }
          });
      all.position(all.position() + HEADER + length);
    }
    if (all.hasRemaining()) {
      log.warn(
          "{}: the last {} bytes are cut short or damaged: they were not acknowledged",
          segment.file(),
          all.remaining());
    }
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** Adds an update to the record that {@link #commit} will write. */
  void add(JournalEncoder.Update update, String sender) throws IOException {
    if (bytes.size() == 0) {
      begin();
    }
    writing().encoder.write(bytes, update, sender);
    bucketsInRecord.put(update.bucket(), position + 1);
  }

  private void begin() throws IOException {
    Open current = open;
    if (current != null && current.length > SEGMENT_BYTES) {
      current.channel.close();
      open = null;
    }
    if (open == null) {
      Path file = directory.resolve("%019d.journal".formatted(position + 1));
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      Segment segment = new Segment(file);
      segments.add(segment);
      open = new Open(segment, channel, new JournalEncoder(dictionary));
      write(channel, ByteBuffer.wrap(MAGIC));
      syncDirectory();
      writing().length = MAGIC.length;
    }
  }

  private Open writing() {
    Open current = open;
    if (current == null) {
      throw new IllegalStateException("no segment is open");
    }
    return current;
  }

  /** A new file's name is safe only when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /**
   * Writes what was added and waits until it is on disk.
   *
   * @return the position up to which the journal is durable
   * @throws IOException if it is not: nothing of it will be read back
   */
  long commit() throws IOException {
    if (bytes.size() == 0) {
      return position;
    }
    Open current = writing();
    ByteBuffer head = ByteBuffer.allocate(HEADER + Long.BYTES);
    head.putLong(HEADER, position + 1);
    CRC32C crc = new CRC32C();
    crc.update(head.array(), HEADER, Long.BYTES);
    crc.update(bytes.written());
    head.putInt(0, Long.BYTES + bytes.size());
    head.putInt(4, (int) crc.getValue());
    write(current.channel, head);
    write(current.channel, bytes.written());
    current.channel.force(false);
    current.length += head.capacity() + bytes.size();
    bytes.clear();
    position++;
    bucketsInRecord.forEach(current.segment::add);
    bucketsInRecord.clear();
    return position;
  }

  private static void write(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /**
   * Takes back what was not committed, and leaves a segment that could not be written. The position
   * is not used again: if the record is on disk all the same, it is one that the database holds as
   * soon as it holds what comes later.
   */
  void abandon() {
    position++;
    bytes.clear();
    bucketsInRecord.clear();
    Open failed = open;
    open = null;
    if (failed == null) {
      return;
    }
    try (FileChannel channel = failed.channel) {
      channel.truncate(failed.length);
      if (failed.segment.buckets().isEmpty()) {
        segments.remove(failed.segment);
        Files.deleteIfExists(failed.segment.file());
      }
    } catch (IOException e) {
      log.warn("{} could not be cut back to its last good record", failed.segment.file(), e);
    }
  }

  long position() {
    return position;
  }

  /** Learns that the database holds a bucket up to a position; deletes what nobody needs. */
  void held(int bucket, long upTo) {
    Iterator<Segment> each = segments.iterator();
    while (each.hasNext()) {
      Segment segment = each.next();
      Long last = segment.buckets().get(bucket);
      if (last != null && last <= upTo) {
        segment.buckets().remove(bucket);
      }
      Open current = open;
      boolean written = current != null && current.segment == segment;
      if (segment.buckets().isEmpty() && (!written || bytes.size() == 0)) {
        each.remove();
        delete(segment, written);
      }
    }
  }

  private void delete(Segment segment, boolean written) {
    try {
      if (written) {
        writing().channel.close();
        open = null;
      }
      Files.deleteIfExists(segment.file());
    } catch (IOException e) {
      // It is read again at the next start, and its updates are passed over then.
      log.warn("{} could not be deleted", segment.file(), e);
    }
  }

  /** The buckets of which something would be read at a start. */
  Set<Integer> buckets() {
    Set<Integer> buckets = new HashSet<>(bucketsInRecord.keySet());
    segments.forEach(segment -> buckets.addAll(segment.contained()));
    return buckets;
  }

  /** The bytes on disk. */
  long size() {
    long size = 0;
    for (Segment segment : segments) {
      size += segment.file().toFile().length();
    }
    return size;
  }

  @Override
  public void close() throws IOException {
    Open current = open;
    open = null;
    if (current != null) {
      current.channel.close();
    }
  }
}
