package io.margay.agents.audit.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The index of a full segment, in a file beside it. It can always be made again.
 *
 * <pre>
 * magic 4 | records 4 | words 4 | postings 4 | time 8 × records | place 4 × records |
 * hash 8 × words, ascending | end of its postings 4 × words | record 2 × postings
 * </pre>
 */
public final class StoredIndex implements SegmentIndex {
  private static final int MAGIC = 0x4d474131;
  private static final int HEAD = 16;

  private final long first;
  private final ByteBuffer bytes;
  private final int records;
  private final int terms;
  private final int placesAt;
  private final int hashesAt;
  private final int endsAt;
  private final int postingsAt;

  private StoredIndex(long first, ByteBuffer bytes) {
    this.first = first;
    this.bytes = bytes;
    this.records = bytes.getInt(4);
    this.terms = bytes.getInt(8);
    this.placesAt = HEAD + 8 * records;
    this.hashesAt = placesAt + 4 * records;
    this.endsAt = hashesAt + 8 * terms;
    this.postingsAt = endsAt + 4 * terms;
  }

  /** The index of a full segment; made and kept if it is not there. */
  public static SegmentIndex of(LogFiles files, long first) throws IOException {
    return of(files, first, () -> {});
  }

  /**
   * The index of a full segment; made and kept if it is not there.
   *
   * @param between run many times while it is made, for whoever has to give way to others
   */
  static SegmentIndex of(LogFiles files, long first, Runnable between) throws IOException {
    Optional<StoredIndex> stored = open(files.index(first), first);
    if (stored.isPresent()) {
      return stored.get();
    }
    GrowingIndex made = new GrowingIndex(files, first);
    made.catchUp(between);
    try {
      write(made, files.index(first));
    } catch (IOException e) {
      // Somebody who may only read the log can still ask; it takes longer each time.
      return made;
    }
    return made;
  }

  private static Optional<StoredIndex> open(Path file, long first) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      // The file never changes: a new one takes its name. So the pages stay.
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      if (bytes.limit() < HEAD || bytes.getInt(0) != MAGIC) {
        return Optional.empty();
      }
      StoredIndex index = new StoredIndex(first, bytes);
      boolean isWhole = bytes.limit() == index.postingsAt + 2L * bytes.getInt(12);
      return isWhole ? Optional.of(index) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static void write(GrowingIndex index, Path file) throws IOException {
    List<Map.Entry<Long, GrowingIndex.Ints>> words =
        index.postings().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
    int postings = words.stream().mapToInt(word -> word.getValue().size()).sum();
    int size = HEAD + 12 * index.records() + 12 * words.size() + 2 * postings;
    ByteBuffer bytes = ByteBuffer.allocate(size);
    bytes.putInt(MAGIC).putInt(index.records()).putInt(words.size()).putInt(postings);
    for (int i = 0; i < index.records(); i++) {
      bytes.putLong(index.micros(i));
    }
    for (int i = 0; i < index.records(); i++) {
      bytes.putInt(index.at(i));
    }
    words.forEach(word -> bytes.putLong(word.getKey()));
    int end = 0;
    for (Map.Entry<Long, GrowingIndex.Ints> word : words) {
      end += word.getValue().size();
      bytes.putInt(end);
    }
    for (Map.Entry<Long, GrowingIndex.Ints> word : words) {
      for (int record : word.getValue().toArray()) {
        // A segment has at most 65,536 records.
        bytes.putChar((char) record);
      }
    }
    Path draft = Files.createTempFile(file.toAbsolutePath().getParent(), "index", ".new");
    Files.write(draft, bytes.array());
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public long first() {
    return first;
  }

  @Override
  public int records() {
    return records;
  }

  @Override
  public long micros(int record) {
    return bytes.getLong(HEAD + 8 * record);
  }

  @Override
  public int at(int record) {
    return bytes.getInt(placesAt + 4 * record);
  }

  @Override
  public int[] withTerm(String term) {
    long hash = Terms.hash(term);
    int low = 0;
    int high = terms;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (bytes.getLong(hashesAt + 8 * middle) < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low == terms || bytes.getLong(hashesAt + 8 * low) != hash) {
      return new int[0];
    }
    int from = low == 0 ? 0 : bytes.getInt(endsAt + 4 * (low - 1));
    int to = bytes.getInt(endsAt + 4 * low);
    int[] found = new int[to - from];
    for (int i = 0; i < found.length; i++) {
      found[i] = bytes.getChar(postingsAt + 2 * (from + i));
    }
    return found;
  }
}
