package io.margay.agents.gateway.llm;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.agents.gateway.llm.Ledger.Entry;
import io.margay.agents.identity.token.PrivateFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to budgets, a line of JSON for each entry. Many threads share a flush: one forces
 * what all have written. The file is written anew, shorter, when most of it is over.
 */
final class JournalFile implements Budgets.Journal {
  private static final Logger log = LoggerFactory.getLogger(JournalFile.class);
  private static final JsonMapper JSON =
      JsonMapper.builder().serializationInclusion(NON_NULL).build();

  private final Path file;
  private final int shortest;
  private final Object flush = new Object();
  private FileChannel channel;

  /** What the file's lines take, so that half a line can be cut off. */
  private long size;

  private int lines;

  /** Entries that were ever written, and how many of them are on the disk. */
  private volatile long written;

  private volatile long forced;
  private volatile @Nullable IOException failure;

  /** One line; exactly one of the three is there. */
  private record Line(
      Entry.@Nullable Reserved reserved,
      Entry.@Nullable Settled settled,
      Entry.@Nullable Spent spent) {

    static Line of(Entry entry) {
      return switch (entry) {
        case Entry.Reserved reserved -> new Line(reserved, null, null);
        case Entry.Settled settled -> new Line(null, settled, null);
        case Entry.Spent spent -> new Line(null, null, spent);
      };
    }

    @Nullable Entry entry() {
      return reserved != null ? reserved : settled != null ? settled : spent;
    }
  }

  private JournalFile(Path file, int shortest, FileChannel channel) {
    this.file = file;
    this.shortest = shortest;
    this.channel = channel;
  }

  /**
   * Reads a file into an empty ledger, and writes it anew without what is over.
   *
   * @param shortest a file of fewer lines is not worth to be written anew
   */
  static JournalFile open(Path file, int shortest, Ledger ledger, Instant now) throws IOException {
    if (Files.exists(file)) {
      read(file, ledger);
    }
    ledger.forget(now);
    List<Entry> entries = ledger.entries();
    PrivateFile.write(file, text(entries));
    JournalFile opened = new JournalFile(file, shortest, appending(file));
    opened.begin(entries.size());
    return opened;
  }

  /** A line without an end was being written when the process ended: nobody has relied on it. */
  private static void read(Path file, Ledger ledger) throws IOException {
    String text = Files.readString(file);
    int line = 0;
    for (int start = 0, next; (next = text.indexOf('\n', start)) >= 0; start = next + 1) {
      line++;
      try {
        Entry entry = JSON.readValue(text.substring(start, next), Line.class).entry();
        if (entry == null) {
          throw damaged(file, line, "it has no entry", null);
        }
        ledger.apply(entry);
      } catch (JsonProcessingException e) {
        throw damaged(file, line, e.getOriginalMessage(), e);
      }
    }
  }

  private static IOException damaged(
      Path file, int line, String reason, @Nullable Exception cause) {
    return new IOException(
        "%s, line %d: %s; nobody knows what was spent: move the file away to begin with full budgets"
            .formatted(file, line, reason),
        cause);
  }

  private static String text(List<Entry> entries) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append(JSON.writeValueAsString(Line.of(entry))).append('\n');
    }
    return text.toString();
  }

  private static FileChannel appending(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private void begin(int entries) throws IOException {
    size = channel.size();
    lines = entries;
    forced = written;
  }

  @Override
  public long write(Entry entry) throws IOException {
    checkFailure();
    byte[] line = (JSON.writeValueAsString(Line.of(entry)) + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.wrap(line);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      cutOff();
      throw new IOException(file + " cannot be written: " + e.getMessage(), e);
    }
    lines++;
    size += line.length;
    // Of one thread at a time.
    long position = written + 1;
    written = position;
    return position;
  }

  /** Half a line must not stand before the next one. */
  private void cutOff() {
    try {
      channel.truncate(size);
    } catch (IOException e) {
      failure = e;
    }
  }

  private void checkFailure() throws IOException {
    IOException cause = failure;
    if (cause != null) {
      throw new IOException(
          file + " cannot be written since " + cause.getMessage() + ": restart the gateway", cause);
    }
  }

  @Override
  public void force(long position) throws IOException {
    if (position <= forced) {
      return;
    }
    synchronized (flush) {
      checkFailure();
      if (position <= forced) {
        return;
      }
      try {
        long all = written;
        channel.force(false);
        forced = all;
      } catch (IOException e) {
        // Linux may take the next flush for done without having written what this one left.
        failure = e;
        throw new IOException(file + " cannot be flushed: " + e.getMessage(), e);
      }
    }
  }

  @Override
  public void shorten(Ledger ledger) throws IOException {
    if (lines < shortest) {
      return;
    }
    List<Entry> entries = ledger.entries();
    if (entries.size() > lines / 2) {
      return;
    }
    synchronized (flush) {
      try {
        PrivateFile.write(file, text(entries));
      } catch (IOException e) {
        log.warn("{} stays as long as it is: {}", file, e.getMessage());
        lines = 0;
        return;
      }
      try (FileChannel old = channel) {
        channel = appending(file);
        begin(entries.size());
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (flush) {
      channel.close();
    }
  }
}
