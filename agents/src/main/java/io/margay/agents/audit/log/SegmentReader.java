package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the batches of a segment file one after the other, also while the file is written. It does
 * not map the file: a writer that cuts its prepared end off would take the pages away. Of one
 * thread.
 */
public final class SegmentReader implements AutoCloseable {
  private static final int WINDOW = 1 << 20;

  private final FileChannel channel;
  private int at;
  private long next;

  /** A part of the file, from {@code windowAt} on. */
  private ByteBuffer window = ByteBuffer.allocate(0);

  private int windowAt;

  private SegmentReader(FileChannel channel, long next, int at) {
    this.channel = channel;
    this.next = next;
    this.at = at;
  }

  /** Reads a segment from its beginning. */
  public static SegmentReader open(LogFiles files, long first) throws IOException {
    return open(files.segment(first), first, 0);
  }

  /**
   * Reads a segment from a batch on.
   *
   * @param next sequence of the batch's first record
   * @param at where the batch begins
   */
  public static SegmentReader open(Path file, long next, int at) throws IOException {
    return new SegmentReader(FileChannel.open(file, StandardOpenOption.READ), next, at);
  }

  /**
   * A record as it is stored.
   *
   * @param at where its bytes begin in the file
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
  public record Stored(long sequence, byte[] bytes, int at) {}

  /** What is found at a place. */
  public sealed interface Found {}

  /** Records that are what was written. */
  public record Batch(List<Stored> records) implements Found {
    public Batch {
      records = List.copyOf(records);
    }
  }

  /** No more records. */
  public record End() implements Found {}

  /**
   * A batch whose writing broke off: nothing of it was ever acknowledged. Its last byte was not
   * written, and nothing follows it.
   */
  public record Torn(long sequence, int at, int length) implements Found {}

  /**
   * Bytes that nobody wrote like this.
   *
   * @param readable the batch's records, if their lengths make sense: one of them is damaged
   * @param isLast no whole batch follows
   */
  public record Damaged(
      long sequence, int at, int length, String reason, List<Stored> readable, boolean isLast)
      implements Found {
    public Damaged {
      readable = List.copyOf(readable);
    }
  }

  /** Where the next batch begins. */
  public int position() {
    return at;
  }

  /** Sequence of the next batch's first record. */
  public long next() {
    return next;
  }

  /**
   * Whether a batch begins here. For whoever follows a file that is written: it does not look at
   * what else may be there, which takes long in a prepared file.
   */
  public boolean isAtBatch() throws IOException {
    ByteBuffer head = ByteBuffer.allocate(BatchHeader.SIZE);
    while (head.hasRemaining() && channel.read(head, (long) at + head.position()) >= 0) {
      // One read may bring less than what is there.
    }
    return BatchHeader.read(head.flip(), 0).isPresent();
  }

  /** What comes next; after anything but a batch, the same again. */
  public Found read() throws IOException {
    Optional<BatchHeader> found = BatchHeader.read(bytes(at, BatchHeader.SIZE), 0);
    if (found.isEmpty()) {
      return unreadableYet("the head of the batch is not readable", List.of());
    }
    BatchHeader header = found.get();
    if (header.first() != next) {
      return unreadable("the batch begins with record " + header.first(), List.of());
    }
    int body = at + BatchHeader.SIZE;
    ByteBuffer content = bytes(body, header.bodyLength());
    if (content.remaining() < header.bodyLength()) {
      return unreadableYet("the file ends within the batch", List.of());
    }
    List<Stored> records = records(header, content, body);
    if (BatchHeader.crc(content.duplicate()) != header.bodyCrc()) {
      return unreadableYet("the checksum of the batch does not fit", records);
    }
    if (records.size() != header.records()) {
      return unreadable("the lengths of the batch's records do not fit", List.of());
    }
    at = body + header.bodyLength();
    next += header.records();
    return new Batch(records);
  }

  /** Goes on behind a damaged batch whose records could be told apart. */
  public void skip(Damaged damaged) {
    if (!damaged.readable().isEmpty()) {
      Stored last = damaged.readable().getLast();
      at = last.at() + last.bytes().length;
      next = last.sequence() + 1;
    }
  }

  /** Some bytes of the file, fewer where it ends. */
  private ByteBuffer bytes(int from, int length) throws IOException {
    int offset = from - windowAt;
    if (offset < 0 || offset + length > window.limit()) {
      ByteBuffer loaded = ByteBuffer.allocate(Math.max(length, WINDOW));
      long place = from;
      while (loaded.hasRemaining()) {
        int count = channel.read(loaded, place);
        if (count < 0) {
          break;
        }
        place += count;
      }
      window = loaded.flip();
      windowAt = from;
      offset = 0;
    }
    return window.slice(offset, Math.min(length, window.limit() - offset));
  }

  /** The records of a batch; none if their lengths make no sense. */
  private static List<Stored> records(BatchHeader header, ByteBuffer content, int body) {
    List<Stored> records = new ArrayList<>(Math.min(header.records(), 1_024));
    ByteBuffer rest = content.duplicate();
    while (rest.remaining() > Integer.BYTES) {
      int length = rest.getInt();
      if (length < 1 || length > rest.remaining()) {
        return List.of();
      }
      int at = body + rest.position();
      byte[] bytes = new byte[length];
      rest.get(bytes);
      records.add(new Stored(header.first() + records.size(), bytes, at));
    }
    return records;
  }

  /**
   * What a writer may have written to its end meanwhile. It begins a batch when the one before is
   * on the disk: so what is still missing here, after a later batch was seen, is really missing.
   */
  private Found unreadableYet(String reason, List<Stored> readable) throws IOException {
    ByteBuffer seen = rest();
    ByteBuffer now = rest();
    boolean isThere =
        BatchHeader.read(now, 0)
            .filter(header -> header.first() == next && isWhole(now, header, 0))
            .isPresent();
    return isThere ? read() : unreadable(seen, reason, readable);
  }

  private Found unreadable(String reason, List<Stored> readable) throws IOException {
    return unreadable(rest(), reason, readable);
  }

  /** All that is left of the file, as it is now. */
  private ByteBuffer rest() throws IOException {
    window = ByteBuffer.allocate(0);
    return bytes(at, Math.toIntExact(Math.max(0, channel.size() - at)));
  }

  private Found unreadable(ByteBuffer rest, String reason, List<Stored> readable) {
    int length = rest.limit();
    while (length > 0 && rest.get(length - 1) == 0) {
      length--;
    }
    if (length == 0) {
      return new End();
    }
    if (batchBehind(rest)) {
      return new Damaged(next, at, length, reason + "; whole batches follow", readable, false);
    }
    return isTorn(rest, length)
        ? new Torn(next, at, length)
        : new Damaged(next, at, length, reason, readable, true);
  }

  /** Writing goes from the front to the back: what broke off lacks its last byte, a brace. */
  private static boolean isTorn(ByteBuffer rest, int length) {
    return BatchHeader.read(rest, 0)
        .map(header -> length < BatchHeader.SIZE + header.bodyLength())
        .orElseGet(() ->
            length < BatchHeader.SIZE
                && (rest.limit() < Integer.BYTES || rest.getInt(0) == BatchHeader.MAGIC));
  }

  /** Whether a whole batch with later records begins anywhere behind the first byte. */
  private boolean batchBehind(ByteBuffer rest) {
    for (int place = 1; place <= rest.limit() - BatchHeader.SIZE; place++) {
      Optional<BatchHeader> header = BatchHeader.read(rest, place);
      if (header.isPresent() && header.get().first() > next && isWhole(rest, header.get(), place)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWhole(ByteBuffer rest, BatchHeader header, int place) {
    int body = place + BatchHeader.SIZE;
    return rest.limit() - body >= header.bodyLength()
        && BatchHeader.crc(rest.slice(body, header.bodyLength())) == header.bodyCrc();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
