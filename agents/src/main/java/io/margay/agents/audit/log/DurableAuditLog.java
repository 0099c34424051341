package io.margay.agents.audit.log;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.audit.PayloadKey;
import io.margay.agents.audit.Receipt;
import io.margay.agents.audit.RecordJson;
import io.margay.agents.audit.merkle.Checkpoint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log in a directory. One thread writes: while it flushes a batch, the next one gathers, so many
 * callers share a flush and a single one waits for little more than its own.
 *
 * <pre>
 * append ─► waiting ─► audit-writer: chain, write, flush ─► receipts
 *                           └─► audit-sealer: tree, tiles, signed checkpoints
 * </pre>
 */
public final class DurableAuditLog implements AuditLog, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DurableAuditLog.class);

  private final LogSettings settings;
  private final PayloadKey payloads;
  private final InstantSource clock;
  private final FileChannel lockFile;
  private final BatchWriter writer;
  private final Sealer sealer;
  private final Retention retention;
  private final EntryQueue queue = new EntryQueue();
  private final Thread thread;

  private final AtomicBoolean isClosed = new AtomicBoolean();
  private volatile long written;

  /** Records refused since the last one that could be written; of the writer's thread. */
  private long refused;

  private DurableAuditLog(
      LogFiles files,
      AuditKeys keys,
      LogSettings settings,
      InstantSource clock,
      FileChannel lockFile,
      Recovery.Found found)
      throws IOException {
    this.settings = settings;
    this.payloads = keys.payloads();
    this.clock = clock;
    this.lockFile = lockFile;
    this.sealer = new Sealer(files, keys.signer(), settings, found);
    this.writer = new BatchWriter(files, settings, clock, sealer, found);
    this.written = found.tiles().size();
    this.retention = new Retention(files, this);
    this.thread = Thread.ofPlatform().name("audit-writer").daemon().unstarted(this::run);
  }

  /**
   * Opens a log, or begins one; writes a START record.
   *
   * @throws AuditDamageException if records that were acknowledged are damaged or missing
   * @throws IOException if the directory cannot be used, or another process uses it
   */
  public static DurableAuditLog open(
      Path directory, AuditKeys keys, LogSettings settings, InstantSource clock)
      throws IOException {
    LogFiles files = new LogFiles(directory);
    Files.createDirectories(files.segments());
    Files.createDirectories(files.checkpoints());
    FileChannel lockFile = lock(directory);
    try {
      Recovery.Found found = Recovery.run(files, keys.signer().verifier());
      LogFiles.replace(files.verifierKey(), keys.signer().verifier() + "\n");
      DurableAuditLog opened = new DurableAuditLog(files, keys, settings, clock, lockFile, found);
      opened.sealer.start();
      opened.thread.start();
      opened.tellStart(found);
      return opened;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      log.debug("this process has the log open already", e);
    }
    channel.close();
    throw new IOException(directory + ": another process writes this audit log");
  }

  private void tellStart(Recovery.Found found) throws IOException {
    Draft start = Draft.plain(AuditKind.START, "", clock.instant());
    if (found.cut().isPresent()) {
      Recovery.Cut cut = found.cut().get();
      log.warn(
          "{} bytes of an unfinished batch, from record {} on, were cut off ({}); they are kept in"
              + " {}",
          cut.bytes(),
          cut.sequence(),
          cut.reason(),
          cut.saved());
      start =
          start
              .withDetail("cutBytes", Integer.toString(cut.bytes()))
              .withDetail("cutReason", cut.reason());
    }
    try {
      append(start);
    } catch (AuditUnavailableException e) {
      close();
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public Receipt append(Draft draft) throws AuditUnavailableException {
    Entry entry = Entry.of(encode(draft));
    checkSealed();
    queue.add(entry, true);
    return entry.await();
  }

  @Override
  public CompletableFuture<Receipt> appendLater(Draft draft) {
    try {
      Entry entry = Entry.of(encode(draft));
      checkSealed();
      queue.add(entry, false);
      return entry.written();
    } catch (AuditUnavailableException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void checkSealed() throws AuditUnavailableException {
    if (written - sealer.sealed() > settings.maxUnsealed()) {
      throw new AuditUnavailableException(
          "no checkpoint could be written over the last "
              + (written - sealer.sealed())
              + " audit records: the log takes no more until one can");
    }
  }

  private byte[] encode(Draft draft) throws AuditUnavailableException {
    AuditEvent event =
        draft
            .payload()
            .map(payload -> draft.event().withPayload(payloads.hash(payload)))
            .orElse(draft.event());
    byte[] bytes = RecordJson.event(event);
    if (bytes.length > RecordJson.MAX_EVENT) {
      throw new AuditUnavailableException(
          "an audit record of " + bytes.length + " bytes: at most " + RecordJson.MAX_EVENT);
    }
    return bytes;
  }

  private void run() {
    for (List<Entry> batch = next(); !batch.isEmpty(); batch = next()) {
      try {
        writer.write(batch);
        written = writer.next();
        tellRecovered();
      } catch (IOException e) {
        refuse(batch, e);
      } catch (RuntimeException | Error e) {
        // Whoever waits must hear of it, even when memory has run out.
        fail(new IOException("the log's writer failed: " + e, e));
        batch.forEach(entry -> entry.written().completeExceptionally(e));
      }
    }
  }

  /** The next batch; empty when the log is closed and nothing waits. */
  private List<Entry> next() {
    try {
      writer.rollIfFull();
    } catch (IOException e) {
      fail(e);
    }
    return queue.take(writer.room());
  }

  /**
   * Nothing of a batch may stay if those who wait are told that it was not written. When the file
   * can be cut, as on a full disk, the log goes on; when a flush failed, nobody knows what the disk
   * has, and only opening it anew finds out.
   */
  private void refuse(List<Entry> batch, IOException cause) {
    if (refused == 0) {
      log.error("audit records cannot be written: their calls are refused", cause);
    }
    refused += batch.size();
    batch.forEach(entry -> entry.written().completeExceptionally(cause));
    try {
      writer.cutOff();
    } catch (IOException e) {
      fail(e);
    }
  }

  /** A full disk fails many times a second: its beginning and its end are told. */
  private void tellRecovered() {
    if (refused > 0) {
      log.warn("audit records can be written again; {} were refused meanwhile", refused);
      refused = 0;
    }
  }

  private void fail(IOException cause) {
    log.error("the audit log takes no more records: calls are refused", cause);
    queue.fail(cause);
  }

  /** Signs a checkpoint over all records that are acknowledged by now. */
  public Checkpoint seal() throws IOException {
    try {
      return sealer.seal().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a checkpoint was signed", e);
    } catch (ExecutionException e) {
      throw new IOException("no checkpoint could be written", e.getCause());
    }
  }

  /**
   * Removes whole segments of which each record is older than a time.
   *
   * @param actor who wants it; empty for the log's own setting
   * @return what was removed; empty if no segment is old enough
   */
  public Optional<Pruned> prune(Instant before, String actor)
      throws IOException, AuditUnavailableException {
    // Tiles of what is removed have to be there; they are once a checkpoint covers them.
    seal();
    return retention.prune(before, actor, clock.instant());
  }

  /**
   * Removes whole segments, the oldest first, until those that are left take no more bytes on the
   * disk. The newest one stays; it has room for its records from the beginning on.
   *
   * @param actor as for {@link #prune}
   * @return what was removed; empty if they take no more
   */
  public Optional<Pruned> pruneTo(long bytes, String actor)
      throws IOException, AuditUnavailableException {
    seal();
    return retention.pruneTo(bytes, actor, clock.instant());
  }

  /** Records that are durable. */
  public long size() {
    return written;
  }

  /** Lets what waits be written, signs the last checkpoint and closes the files. */
  @Override
  public void close() throws IOException {
    if (isClosed.getAndSet(true)) {
      return;
    }
    queue.close();
    try (lockFile;
        writer) {
      thread.join();
      sealer.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
