package io.margay.flows.collect;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.attribution.Attributor;
import io.margay.model.flow.FlowEvent;
import io.margay.model.resource.ResourceChange;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's end: says who talks to whom, counts it up, and sends what is new twice a second.
 *
 * <pre>
 *   accept(event) ─┐ bounded
 *                  ├─────────► attributor ─► buffer ─► spool ─► uplink ─► the gathering process
 *   apply(change) ─┘ in order
 * </pre>
 *
 * <p>Nobody waits for it. What does not fit is dropped and counted, and the counts are sent too.
 */
public final class FlowSender implements FlowSink, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowSender.class);
  private static final int MESSAGES_AT_ONCE = 4_096;
  private static final Duration FLUSH_EVERY = Duration.ofMillis(500);

  /** For so long the end waits for the last updates to arrive. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final FlowLimits limits;
  private final InstantSource clock;
  private final DropCounters drops = new DropCounters();
  private final Attributor attributor;
  private final UpdateBuffer buffer;
  private final Spool spool;
  private final Uplink uplink;
  private final String life;
  private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final Semaphore roomForEvents;
  private final Thread owner =
      Thread.ofPlatform().daemon().name("flow-sender").unstarted(this::run);
  private volatile boolean running = true;
  private final AtomicLong updates = new AtomicLong();
  private Instant nextFlush = Instant.EPOCH;

  /** What the owner thread takes in. */
  private sealed interface Message {
    record Event(FlowEvent event) implements Message {}

    record Change(ResourceChange change) implements Message {}
  }

  /**
   * How to run.
   *
   * @param target who takes the updates; it need not be there yet
   * @param tls null for a socket file or a loopback address
   * @param spool a folder of this sender alone
   */
  public record Config(
      String node,
      FlowAddress target,
      @Nullable TlsFiles tls,
      Path spool,
      SpoolLimits spoolLimits,
      FlowLimits limits) {

    /** With the usual limits. */
    public Config(String node, FlowAddress target, @Nullable TlsFiles tls, Path spool) {
      this(node, target, tls, spool, SpoolLimits.DEFAULT, FlowLimits.DEFAULT);
    }
  }

  private FlowSender(Config config, InstantSource clock) throws IOException {
    this.limits = config.limits();
    this.clock = clock;
    this.buffer = new UpdateBuffer(limits.flowsPerBucket(), drops);
    this.attributor = new Attributor(limits.connections(), buffer);
    this.roomForEvents = new Semaphore(limits.queuedEvents());
    this.life = config.node() + "-" + UUID.randomUUID().toString().substring(0, 8);
    this.spool = new Spool(config.spool(), config.node(), config.spoolLimits(), drops);
    this.uplink = new Uplink(config.node(), spool, config.target(), config.tls(), this::dropped);
  }

  /**
   * Starts to gather and to send.
   *
   * @throws IOException if the spool's folder cannot be used
   */
  public static FlowSender start(Config config, InstantSource clock) throws IOException {
    FlowSender sender = new FlowSender(config, clock);
    sender.owner.start();
    sender.uplink.start();
    return sender;
  }

  /** Takes an event without waiting. */
  @Override
  public void accept(FlowEvent event) {
    if (roomForEvents.tryAcquire()) {
      inbox.add(new Message.Event(event));
    } else {
      drops.count(DropReason.QUEUE_FULL, 1);
    }
  }

  @Override
  public void apply(ResourceChange change) {
    inbox.add(new Message.Change(change));
  }

  /** What was dropped since the start, by reason; reasons without drops are left out. */
  public Map<String, Long> dropped() {
    Map<String, Long> counts = new HashMap<>();
    drops
        .snapshot()
        .forEach((reason, count) -> {
          if (count > 0) {
            counts.put(reason.label(), count);
          }
        });
    return counts;
  }

  /**
   * Figures for the status.
   *
   * @param updates made since the start
   * @param acknowledged of them and of what an earlier process left
   * @param waiting in memory for an acknowledgement
   * @param bytesOnDisk that did not fit in memory
   */
  public record Statistics(
      boolean connected, long updates, long acknowledged, int waiting, long bytesOnDisk) {}

  public Statistics statistics() {
    Spool.Fill fill = spool.fill();
    return new Statistics(
        uplink.connected(),
        updates.get(),
        uplink.acknowledged(),
        fill.updatesInMemory(),
        fill.bytesOnDisk());
  }

  private void run() {
    List<Message> messages = new ArrayList<>();
    while (running) {
      try {
        Message first = inbox.poll(waitMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
          messages.add(first);
          inbox.drainTo(messages, MESSAGES_AT_ONCE);
          messages.forEach(this::take);
          messages.clear();
        }
      } catch (InterruptedException e) {
        break; // close() wants us to end
      }
      flushIfDue();
    }
    inbox.forEach(this::take);
    flush(clock.instant());
  }

  private long waitMillis() {
    return Math.clamp(
        Duration.between(clock.instant(), nextFlush).toMillis(), 0, FLUSH_EVERY.toMillis());
  }

  private void take(Message message) {
    try {
      switch (message) {
        case Message.Event(FlowEvent event) -> {
          roomForEvents.release();
          attributor.accept(event);
        }
        case Message.Change(ResourceChange change) -> attributor.apply(change);
      }
    } catch (RuntimeException e) {
      // One bad event must not end the records of all others.
      drops.count(DropReason.FAILED, 1);
      log.warn("dropped what could not be understood: {}", message, e);
    }
  }

  private void flushIfDue() {
    Instant now = clock.instant();
    if (!now.isBefore(nextFlush)) {
      nextFlush = now.plus(FLUSH_EVERY);
      flush(now);
    }
  }

  private void flush(Instant now) {
    drops.count(
        DropReason.CONNECTION_FORGOTTEN, attributor.forgetIdle(now, limits.idleConnection()));
    List<FlowUpdate> news = buffer.drain(now, this::nextOrigin);
    if (!news.isEmpty()) {
      spool.append(news);
    }
  }

  private FlowUpdate.Origin nextOrigin() {
    return new FlowUpdate.Origin(life, updates.incrementAndGet());
  }

  /** Tells what is left, waits for it a moment, and keeps on disk what was not taken. */
  @Override
  public void close() {
    running = false;
    owner.interrupt();
    try {
      if (owner.join(LAST_WORDS)) {
        spool.awaitEmpty(uplink.connected() ? LAST_WORDS : Duration.ZERO);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    uplink.close();
    spool.close();
  }
}
