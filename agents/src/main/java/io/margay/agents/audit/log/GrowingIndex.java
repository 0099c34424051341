package io.margay.agents.audit.log;

import io.margay.agents.audit.log.SegmentReader.Batch;
import io.margay.agents.audit.log.SegmentReader.Stored;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The index of a segment that is written to: it reads on where it stopped. Of one thread. */
public final class GrowingIndex implements SegmentIndex {
  private final LogFiles files;
  private final long first;
  private final Map<Long, Ints> postings = new HashMap<>();
  private final Ints places = new Ints();
  private long[] micros = new long[256];
  private int position;

  public GrowingIndex(LogFiles files, long first) {
    this.files = files;
    this.first = first;
  }

  /** Numbers without boxes. */
  static final class Ints {
    private int[] values = new int[4];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int get(int index) {
      return values[index];
    }

    int size() {
      return size;
    }

    int[] toArray() {
      return Arrays.copyOf(values, size);
    }
  }

  /** Reads what was written since the last time. */
  public void catchUp() throws IOException {
    catchUp(() -> {});
  }

  /**
   * Reads what was written since the last time.
   *
   * @param between run after each batch, for whoever has to give way to others
   */
  void catchUp(Runnable between) throws IOException {
    try (SegmentReader reader =
        SegmentReader.open(files.segment(first), first + records(), position)) {
      while (reader.isAtBatch() && reader.read() instanceof Batch batch) {
        for (Stored stored : batch.records()) {
          add(stored);
        }
        position = reader.position();
        between.run();
      }
    }
  }

  private void add(Stored stored) {
    int number = records();
    if (number == micros.length) {
      micros = Arrays.copyOf(micros, 2 * number);
    }
    try {
      micros[number] = StoredTerms.read(stored.bytes(), word -> post(word, number));
    } catch (IllegalArgumentException e) {
      throw new AuditDamageException(
          "record " + stored.sequence() + " cannot be read: " + e.getMessage());
    }
    places.add(stored.at());
  }

  private void post(long word, int number) {
    Ints found = postings.computeIfAbsent(word, _ -> new Ints());
    if (found.size() == 0 || found.get(found.size() - 1) != number) {
      found.add(number);
    }
  }

  Map<Long, Ints> postings() {
    return postings;
  }

  @Override
  public long first() {
    return first;
  }

  @Override
  public int records() {
    return places.size();
  }

  @Override
  public long micros(int record) {
    return micros[record];
  }

  @Override
  public int at(int record) {
    return places.get(record);
  }

  @Override
  public int[] withTerm(String term) {
    Ints found = postings.get(Terms.hash(term));
    return found == null ? new int[0] : found.toArray();
  }
}
