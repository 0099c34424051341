package io.margay.agents.audit.log;

import io.margay.agents.audit.merkle.Checkpoint;
import io.margay.agents.audit.merkle.Hash;
import io.margay.agents.audit.merkle.NoteSigner;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Grows the tree by records that are durable, and signs checkpoints. It owns the tree; the writer
 * only hands hashes over, and never waits for it.
 */
final class Sealer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sealer.class);
  private static final int AT_A_TIME = 64;

  private final LogFiles files;
  private final NoteSigner signer;
  private final LogSettings settings;
  private final TileWriter tiles;
  private final BlockingQueue<Work> queue = new LinkedBlockingQueue<>();
  private final Queue<Written> written = new ConcurrentLinkedQueue<>();
  private final Deque<Leaves> pending = new ArrayDeque<>();
  private final Thread thread;
  private volatile long sealed;
  private volatile boolean isOver;
  private long segment;

  /** When records were last looked for to be sealed, by {@link System#nanoTime}. */
  private long waitingSince;

  /** Records handed over since the sealer was woken; of the writer's thread. */
  private int unnoticed;

  private sealed interface Work {}

  /** Hashes of durable records, in order, and the segment that they are in. */
  private record Leaves(long segment, List<Hash> hashes) {}

  /** Durable records, in order. */
  private record Written(long segment, List<byte[]> records) {

    Leaves leaves() {
      return new Leaves(segment, records.stream().map(Hash::ofLeaf).toList());
    }
  }

  /** Says that there are records. */
  private record Grow() implements Work {}

  /** Wants a checkpoint over all that was handed over before. */
  private record Seal(CompletableFuture<Checkpoint> done) implements Work {}

  private record Stop() implements Work {}

  Sealer(LogFiles files, NoteSigner signer, LogSettings settings, Recovery.Found found) {
    this.files = files;
    this.signer = signer;
    this.settings = settings;
    this.tiles = found.tiles();
    this.sealed = found.sealed();
    this.segment = found.activeFirst();
    this.waitingSince = System.nanoTime();
    this.thread = Thread.ofPlatform().name("audit-sealer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /**
   * Takes records that are durable; they must not change any more. The sealer is woken for some of
   * them at a time: for each batch that would cost more than their hashes.
   */
  void add(long inSegment, List<byte[]> records) {
    written.add(new Written(inSegment, records));
    unnoticed += records.size();
    if (unnoticed >= AT_A_TIME) {
      unnoticed = 0;
      queue.add(new Grow());
    }
  }

  /** Records that a checkpoint covers. */
  long sealed() {
    return sealed;
  }

  /** A checkpoint over everything handed over so far; fails if it cannot be written. */
  CompletableFuture<Checkpoint> seal() {
    CompletableFuture<Checkpoint> done = new CompletableFuture<>();
    queue.add(new Seal(done));
    if (isOver) {
      done.completeExceptionally(new IOException("the log is closed"));
    }
    return done;
  }

  private void run() {
    boolean isTold = false;
    while (!isTold) {
      Work work = next();
      for (Written one = written.poll(); one != null; one = written.poll()) {
        pending.add(one.leaves());
      }
      switch (work) {
        case null -> sealIfDue();
        case Grow _ -> sealIfDue();
        case Seal seal -> {
          try {
            seal.done().complete(sealNow());
          } catch (IOException e) {
            seal.done().completeExceptionally(e);
          }
        }
        case Stop _ -> isTold = true;
      }
    }
    isOver = true;
    for (Work work = queue.poll(); work != null; work = queue.poll()) {
      if (work instanceof Seal seal) {
        seal.done().completeExceptionally(new IOException("the log is closed"));
      }
    }
  }

  /** The next thing to do; null when a checkpoint is due before it comes. */
  private Work next() {
    try {
      return queue.poll(untilDue(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // Nobody interrupts this thread; if somebody does, it ends as if it were told to.
      return new Stop();
    }
  }

  private long untilDue() {
    return settings.sealEvery().toNanos() - (System.nanoTime() - waitingSince);
  }

  private void sealIfDue() {
    boolean isDue = untilDue() <= 0;
    try {
      grow();
      if (tiles.size() - sealed >= settings.sealRecords() || (isDue && tiles.size() > sealed)) {
        sealNow();
      } else if (isDue) {
        waitingSince = System.nanoTime();
      }
    } catch (IOException e) {
      // Records stay durable and chained; the log refuses more when too many lack a checkpoint.
      log.warn(
          "no checkpoint could be written over {} records; trying again", tiles.size() - sealed, e);
      waitingSince = System.nanoTime();
    }
  }

  private void grow() throws IOException {
    while (!pending.isEmpty()) {
      Leaves leaves = pending.getFirst();
      List<Hash> hashes = leaves.hashes();
      for (int i = 0; i < hashes.size(); i++) {
        try {
          tiles.add(hashes.get(i));
        } catch (IOException e) {
          pending.removeFirst();
          pending.addFirst(new Leaves(leaves.segment(), hashes.subList(i, hashes.size())));
          throw e;
        }
      }
      segment = leaves.segment();
      pending.removeFirst();
    }
  }

  private Checkpoint sealNow() throws IOException {
    grow();
    Checkpoint checkpoint = new Checkpoint(signer.verifier().name(), tiles.size(), tiles.root());
    if (tiles.size() > sealed) {
      String note = signer.sign(checkpoint.text());
      LogFiles.replace(files.checkpoint(), note);
      NotesFile.append(files.notes(segment), note);
      sealed = tiles.size();
    }
    waitingSince = System.nanoTime();
    return checkpoint;
  }

  /** Signs what is left, and ends. */
  @Override
  public void close() throws IOException {
    CompletableFuture<Checkpoint> last = seal();
    queue.add(new Stop());
    try {
      last.get();
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IOException("the last checkpoint could not be written", e.getCause());
    }
  }
}
