package io.margay.flows.archive;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowUpdate;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes updates durable, many senders' with one write, and sums them up by bucket until the bucket
 * is closed and goes to the writer.
 */
final class JournalThread implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JournalThread.class);
  private static final int UPDATES_AT_ONCE = 20_000;
  private static final Duration TURN = Duration.ofMillis(500);

  private final ArchiveConfig config;
  private final InstantSource clock;
  private final DropCounters drops;
  private final KeyDictionary dictionary;
  private final Journal journal;
  private final ArchiveWriter writer;
  private final Map<String, Long> sequences;
  private final Dictionary<String> senders = new Dictionary<>();
  private final TreeMap<Integer, FlowSums> pending = new TreeMap<>();
  private final LinkedBlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final Semaphore room;
  private final Thread thread;
  private CompletableFuture<Void> live = CompletableFuture.completedFuture(null);
  private @Nullable FlowIngest next;
  private volatile boolean running = true;
  private volatile @Nullable String problem;
  private volatile long journalBytes;

  /** What the thread takes in. */
  private sealed interface Message {
    record Updates(List<FlowUpdate> updates, int permits, CompletableFuture<Void> durable)
        implements Message {}

    /** A transaction is on disk. */
    record OnDisk(Flusher.Flush flush) implements Message {}

    record DetachClosed(CompletableFuture<Void> done) implements Message {}
  }

  JournalThread(
      ArchiveConfig config,
      InstantSource clock,
      DropCounters drops,
      KeyDictionary dictionary,
      Journal journal,
      ArchiveWriter writer,
      Map<String, Long> sequences) {
    this.config = config;
    this.clock = clock;
    this.drops = drops;
    this.dictionary = dictionary;
    this.journal = journal;
    this.writer = writer;
    this.sequences = new ConcurrentHashMap<>(sequences);
    this.room = new Semaphore(config.queuedUpdates());
    this.thread = Thread.ofPlatform().name("flow-journal").daemon().unstarted(this::run);
  }

  /** Sums up an update that is in the journal already. */
  void replay(FlowUpdate update) {
    remember(update.origin());
    add(numbered(update));
  }

  void start(FlowIngest live) {
    next = live;
    thread.start();
  }

  CompletableFuture<Void> accept(List<FlowUpdate> updates) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    if (!running) {
      durable.completeExceptionally(new IllegalStateException("the flow history has ended"));
      return durable;
    }
    int permits = Math.clamp(updates.size(), 1, config.queuedUpdates());
    try {
      room.acquire(permits);
      inbox.add(new Message.Updates(List.copyOf(updates), permits, durable));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      durable.completeExceptionally(e);
    }
    return durable;
  }

  /** Tells that a transaction is on disk. */
  void onDisk(Flusher.Flush flush) {
    inbox.add(new Message.OnDisk(flush));
  }

  void detachClosed() throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    inbox.add(new Message.DetachClosed(done));
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  Map<String, Long> lastSequences() {
    return Map.copyOf(sequences);
  }

  @Nullable String problem() {
    return problem;
  }

  long journalBytes() {
    return journalBytes;
  }

  private void run() {
    List<Message> messages = new ArrayList<>();
    while (running || !inbox.isEmpty()) {
      try {
        Message first = inbox.poll(TURN.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          messages.add(first);
          drain(messages);
          take(messages);
        }
        detach();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        drops.count(DropReason.FAILED, 1);
        log.error("the flow history could not take something in", e);
      } finally {
        messages.clear();
      }
    }
  }

  private void drain(List<Message> messages) {
    int updates = size(messages.getFirst());
    Message message = inbox.poll();
    while (message != null) {
      messages.add(message);
      updates += size(message);
      message = updates < UPDATES_AT_ONCE ? inbox.poll() : null;
    }
  }

  private static int size(Message message) {
    return message instanceof Message.Updates updates ? updates.updates().size() : 0;
  }

  /** Takes messages in together: what they bring is written and forced to disk once. */
  private void take(List<Message> messages) throws InterruptedException {
    List<JournalEncoder.Update> numbered = new ArrayList<>();
    List<FlowUpdate> all = new ArrayList<>();
    List<Message.Updates> batches = new ArrayList<>();
    for (Message message : messages) {
      switch (message) {
        case Message.Updates batch -> {
          room.release(batch.permits());
          batches.add(batch);
          batch.updates().forEach(update -> all.add(number(update, numbered)));
        }
        case Message.OnDisk(Flusher.Flush flush) ->
            flush.buckets().forEach(sums -> journal.held(sums.bucket, flush.position()));
        case Message.DetachClosed(CompletableFuture<Void> done) -> {
          detach();
          done.complete(null);
        }
      }
    }
    if (batches.isEmpty()) {
      return;
    }
    makeDurable(numbered);
    numbered.forEach(this::add);
    all.forEach(update -> remember(update.origin()));
    // One group may be on its way to the live buckets, not more: they must not queue up there.
    live.exceptionally(e -> null).join();
    FlowIngest ingest = next;
    if (ingest != null) {
      live = ingest.accept(all);
    }
    batches.forEach(batch -> batch.durable().complete(null));
  }

  /** Numbers what is to be archived, and returns the update with the parts that are kept anyway. */
  private FlowUpdate number(FlowUpdate update, List<JournalEncoder.Update> numbered) {
    Instant now = clock.instant();
    int bucket = Buckets.of(update.bucket());
    if (bucket > Buckets.of(now) + 1) {
      return update; // The live buckets count it as too new; nobody could tell when it was.
    }
    if (bucket < Buckets.of(now.minus(config.lateLimit()))) {
      drops.count(DropReason.ARCHIVE_LATE, 1);
      return update;
    }
    JournalEncoder.Update parts = numbered(update);
    if (parts.key() == KeyDictionary.FULL) {
      drops.count(DropReason.ARCHIVE_FULL, 1);
      return update;
    }
    numbered.add(parts);
    return new FlowUpdate(
        update.origin(),
        update.bucket(),
        dictionary.key(parts.key()),
        dictionary.labelSets.get(parts.sourceLabels()),
        dictionary.labelSets.get(parts.destLabels()),
        update.counters());
  }

  private JournalEncoder.Update numbered(FlowUpdate update) {
    return new JournalEncoder.Update(
        senders.numberOf(update.origin().sender()),
        update.origin().sequence(),
        Buckets.of(update.bucket()),
        dictionary.numberOf(update.key()),
        dictionary.labelSets.numberOf(update.sourceLabels()),
        dictionary.labelSets.numberOf(update.destLabels()),
        update.counters());
  }

  private void makeDurable(List<JournalEncoder.Update> updates) {
    try {
      for (JournalEncoder.Update update : updates) {
        journal.add(update, senders.get(update.sender()));
      }
      journal.commit();
      problem = null;
    } catch (IOException e) {
      journal.abandon();
      drops.count(DropReason.NOT_DURABLE, updates.size());
      if (problem == null) {
        log.error("the journal of the flow history cannot be written: {}", e.getMessage());
      }
      problem = "the journal cannot be written: " + e.getMessage();
    }
  }

  private void add(JournalEncoder.Update update) {
    if (update.key() == KeyDictionary.FULL) {
      drops.count(DropReason.ARCHIVE_FULL, 1);
      return;
    }
    FlowSums sums =
        pending.computeIfAbsent(update.bucket(), bucket -> new FlowSums(bucket, dictionary));
    if (sums.add(update.key(), update.sourceLabels(), update.destLabels(), update.counters())) {
      dictionary.seen(update.key(), update.bucket(), update.bucket());
    }
  }

  private void remember(FlowUpdate.Origin origin) {
    if (origin.sequence() > 0) {
      sequences.merge(origin.sender(), origin.sequence(), Math::max);
    }
  }

  /** Gives buckets that are closed to the writer. */
  private void detach() {
    journalBytes = journal.size();
    int closed = Buckets.of(clock.instant().minus(config.closeAfter()));
    List<FlowSums> buckets = new ArrayList<>(pending.headMap(closed).values());
    if (buckets.isEmpty()) {
      return;
    }
    pending.headMap(closed).clear();
    writer.write(
        new Flusher.Flush(buckets, journal.position(), journal.buckets(), Map.copyOf(sequences)),
        this::onDisk);
  }

  /** Takes in what waits, and gives all buckets that are closed to the writer. */
  @Override
  public void close() {
    running = false;
    try {
      if (thread.isAlive() && !thread.join(Duration.ofSeconds(10))) {
        log.warn("the journal thread did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
