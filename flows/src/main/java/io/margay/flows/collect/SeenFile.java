package io.margay.flows.collect;

import io.margay.flows.collect.ForeignDeduplication.Seen;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with what unnumbered clients sent, so that a restarted process knows it. It is appended to
 * once the flows themselves are on disk. A process that is killed between the two takes what it
 * stored last for news, as does one whose file cannot be written: flows may then count twice, and
 * none is lost.
 */
final class SeenFile {
  private static final Logger log = LoggerFactory.getLogger(SeenFile.class);
  private static final int RECORD_BYTES = 3 * Long.BYTES;

  /** Larger than this, it is written anew with what is still remembered. */
  private static final long MOST_BYTES = 48_000_000;

  private final Path path;
  private final long mostBytes;
  private ByteBuffer waiting = ByteBuffer.allocate(256 * RECORD_BYTES);
  private boolean complained;

  SeenFile(Path path) {
    this(path, MOST_BYTES);
  }

  SeenFile(Path path, long mostBytes) {
    this.path = path;
    this.mostBytes = mostBytes;
  }

  /** Adds what an earlier process wrote, in its order, and writes the file anew. */
  void read(Map<Seen, Instant> seen) {
    try {
      ByteBuffer records = ByteBuffer.wrap(Files.readAllBytes(path));
      while (records.remaining() >= RECORD_BYTES) { // A last part may be torn off.
        Seen one = new Seen(records.getLong(), records.getLong());
        seen.put(one, Instant.ofEpochSecond(records.getLong()));
      }
      writeAnew(seen);
    } catch (NoSuchFileException e) {
      log.debug("{} begins", path);
    } catch (IOException e) {
      complain(e);
    }
  }

  /** Puts one into the next {@link #write}. */
  void add(Seen one, Instant at) {
    if (waiting.remaining() < RECORD_BYTES) {
      waiting = ByteBuffer.allocate(waiting.capacity() * 2).put(waiting.flip());
    }
    put(one, at, waiting);
  }

  private static void put(Seen one, Instant at, ByteBuffer records) {
    records.putLong(one.high()).putLong(one.low()).putLong(at.getEpochSecond());
  }

  /**
   * Writes what was added.
   *
   * @param seen all that is remembered, for when the file is too large
   */
  void write(Map<Seen, Instant> seen) {
    byte[] records = new byte[waiting.flip().remaining()];
    waiting.get(records).clear();
    try {
      if (Files.exists(path) && Files.size(path) + records.length > mostBytes) {
        writeAnew(seen);
      } else {
        Files.write(path, records, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
      complained = false;
    } catch (IOException e) {
      complain(e);
    }
  }

  private void writeAnew(Map<Seen, Instant> seen) throws IOException {
    ByteBuffer records = ByteBuffer.allocate(seen.size() * RECORD_BYTES);
    seen.forEach((one, at) -> put(one, at, records));
    Path draft = path.resolveSibling(path.getFileName() + ".new");
    Files.write(draft, records.array());
    Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      log.warn("{}: what Felix repeats after a restart may count twice: {}", path, e.toString());
    }
  }
}
