package io.margay.flows.stream;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.FlowAggregator;
import io.margay.flows.history.FlowAggregator.Published;
import io.margay.flows.history.FlowHistory;
import io.margay.model.flow.FlowEvent;
import io.margay.model.resource.ResourceChange;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the aggregator on a thread of its own, between those who see flows and those who read them.
 *
 * <pre>
 *   offer(event) ───┐ bounded               ┌► history(): the latest view
 *   accept(updates)─┼─────────► aggregator ─┤
 *   apply(change) ──┘ one queue, in order   └► subscriptions: bounded batches
 * </pre>
 *
 * <p>Events that do not fit are dropped and counted; changes always fit, since a directory that
 * missed one would be wrong for good.
 */
public final class FlowService implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowService.class);
  private static final int MESSAGES_AT_ONCE = 4096;
  private static final Duration IDLE_CHECK = Duration.ofMillis(500);

  private final FlowLimits limits;
  private final InstantSource clock;
  private final DropCounters drops;
  private final FlowAggregator aggregator;
  private final BlockingQueue<Message> inbox = new LinkedBlockingQueue<>();
  private final Semaphore roomForEvents;
  private final AtomicLong events = new AtomicLong();
  private final StreamHub hub;
  private final Thread owner;
  private volatile boolean running = true;
  private volatile FlowAggregator.Sizes sizes = new FlowAggregator.Sizes(0, 0, 0);
  private Instant nextPublish = Instant.EPOCH;

  /** What the owner thread takes in. */
  private sealed interface Message {
    record Event(FlowEvent event) implements Message {}

    record Change(ResourceChange change) implements Message {}

    record Updates(List<FlowUpdate> updates, CompletableFuture<Void> taken) implements Message {}
  }

  public FlowService(FlowLimits limits, InstantSource clock) {
    this(limits, clock, new DropCounters());
  }

  private FlowService(FlowLimits limits, InstantSource clock, DropCounters drops) {
    this(limits, clock, drops, new FlowAggregator(limits, drops));
  }

  /**
   * @param drops counts what is dropped, here and by others that share it
   * @param numbers gives each key a number, always the same: the history on disk has them
   */
  public FlowService(
      FlowLimits limits, InstantSource clock, DropCounters drops, ToLongFunction<FlowKey> numbers) {
    this(limits, clock, drops, new FlowAggregator(limits, drops, numbers));
  }

  private FlowService(
      FlowLimits limits, InstantSource clock, DropCounters drops, FlowAggregator aggregator) {
    this.limits = limits;
    this.clock = clock;
    this.drops = drops;
    this.aggregator = aggregator;
    this.roomForEvents = new Semaphore(limits.queuedEvents());
    this.hub = new StreamHub(limits, drops);
    this.owner = Thread.ofPlatform().name("flows").daemon().unstarted(this::run);
  }

  /** Begins to take in what was offered. What lies before this moment is past for all streams. */
  public void start() {
    hub.publish(aggregator.publish(clock.instant()));
    owner.start();
  }

  /** Hands over an event without waiting, and returns whether there was room for it. */
  public boolean offer(FlowEvent event) {
    if (!roomForEvents.tryAcquire()) {
      drops.count(DropReason.QUEUE_FULL, 1);
      return false;
    }
    return inbox.add(new Message.Event(event));
  }

  /** Hands over a change of the resources, in their order. */
  public void apply(ResourceChange change) {
    inbox.add(new Message.Change(change));
  }

  /**
   * Hands over what nodes counted. Whoever does so must wait for the future before the next, since
   * updates wait in memory until they are taken in.
   */
  public CompletableFuture<Void> accept(List<FlowUpdate> updates) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    inbox.add(new Message.Updates(List.copyOf(updates), taken));
    return taken;
  }

  /** The latest view of all flows. */
  public FlowHistory history() {
    return hub.history();
  }

  /** Begins a stream; empty when there are too many. */
  public Optional<FlowSubscription> subscribe(FlowSubscription.Mode mode) {
    return hub.subscribe(mode);
  }

  /**
   * Figures for metrics and the status page.
   *
   * @param events and updates taken in since the start
   */
  public record Statistics(long events, int flows, int buckets, int connections, int streams) {}

  public Statistics statistics() {
    FlowAggregator.Sizes now = sizes;
    return new Statistics(
        events.get(), now.flows(), now.buckets(), now.connections(), hub.streams());
  }

  public DropCounters drops() {
    return drops;
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
        publishIfDue();
      } catch (InterruptedException e) {
        return; // close() wants us to end
      }
    }
  }

  /** Until the next view is due if there is news, else until a bucket may have to be closed. */
  private long waitMillis() {
    Instant now = clock.instant();
    if (!aggregator.hasNews(now)) {
      return IDLE_CHECK.toMillis();
    }
    return Math.clamp(Duration.between(now, nextPublish).toMillis(), 0, IDLE_CHECK.toMillis());
  }

  private void take(Message message) {
    try {
      switch (message) {
        case Message.Event(FlowEvent event) -> {
          roomForEvents.release();
          events.incrementAndGet();
          aggregator.accept(event, clock.instant());
        }
        case Message.Change(ResourceChange change) -> aggregator.apply(change);
        case Message.Updates(List<FlowUpdate> updates, CompletableFuture<Void> taken) -> {
          Instant now = clock.instant();
          updates.forEach(update -> aggregator.accept(update, now));
          events.addAndGet(updates.size());
          taken.complete(null);
        }
      }
    } catch (RuntimeException e) {
      // One bad event must not end the records of all others.
      drops.count(DropReason.FAILED, 1);
      log.warn("dropped what could not be understood: {}", message, e);
    }
  }

  private void publishIfDue() {
    Instant now = clock.instant();
    if (now.isBefore(nextPublish) || !aggregator.hasNews(now)) {
      return;
    }
    Published published = aggregator.publish(now);
    nextPublish = now.plus(limits.publishEvery());
    sizes = aggregator.sizes();
    hub.publish(published);
  }

  /** Ends the thread and all streams. */
  @Override
  public void close() {
    running = false;
    owner.interrupt();
    hub.close();
    try {
      if (owner.isAlive() && !owner.join(Duration.ofSeconds(5))) {
        log.warn("the flow thread did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
