package io.margay.flows.history;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowUpdate;
import io.margay.flows.attribution.Attributor;
import io.margay.flows.attribution.Increment;
import io.margay.flows.directory.EndpointDirectory.Ends;
import io.margay.model.flow.FlowEvent;
import io.margay.model.resource.ResourceChange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/**
 * Gathers events, and the updates of nodes, into buckets. Owned by one thread, which also turns its
 * time: nothing here reads a clock.
 */
public final class FlowAggregator {
  private final FlowLimits limits;
  private final DropCounters drops;
  private final ToLongFunction<FlowKey> numbers;
  private final Attributor attributor;
  private final TreeMap<Instant, Bucket> buckets = new TreeMap<>();
  private final Map<FlowKey, KeyEntry> keys = new HashMap<>();
  private Instant now = Instant.MIN;
  private long version;
  private int flows;
  private boolean dirty;
  private Instant closedUpTo = Instant.MIN;

  /** Buckets before this one are gone before their time, and do not come back in parts. */
  private Instant kept = Instant.MIN;

  public FlowAggregator(FlowLimits limits, DropCounters drops) {
    this(limits, drops, counting());
  }

  /**
   * @param numbers gives each key a number, always the same
   */
  public FlowAggregator(FlowLimits limits, DropCounters drops, ToLongFunction<FlowKey> numbers) {
    this.limits = limits;
    this.drops = drops;
    this.numbers = numbers;
    this.attributor = new Attributor(limits.connections(), new OwnFlows());
  }

  private static ToLongFunction<FlowKey> counting() {
    AtomicLong next = new AtomicLong(1);
    return key -> next.getAndIncrement();
  }

  /** What readers get: a view of everything, what is new in it, and buckets that just closed. */
  public record Published(FlowHistory history, List<Flow> changed, List<FlowBucket> closed) {}

  /** Takes over a change of who has which address. */
  public void apply(ResourceChange change) {
    attributor.apply(change);
  }

  /** Counts an event in the bucket of its time. */
  public void accept(FlowEvent event, Instant now) {
    this.now = now;
    attributor.accept(event);
  }

  /** Adds what a node counted to the bucket that it names. */
  public void accept(FlowUpdate update, Instant now) {
    this.now = now;
    FlowCounters counters = update.counters();
    Labels labels = new Labels(update.sourceLabels(), update.destLabels());
    add(update.bucket(), entry(update.key()), labels, counters);
  }

  /** Takes what this process attributed itself. */
  private final class OwnFlows implements Attributor.Sink {
    @Override
    public void add(Instant at, FlowKey key, Ends ends, Increment increment) {
      Labels labels = new Labels(ends.source().labels(), ends.dest().labels());
      FlowAggregator.this.add(at, entry(key), labels, increment.counters());
    }

    @Override
    public void live(FlowKey key, int change) {
      entry(key).live += change;
    }
  }

  private KeyEntry entry(FlowKey key) {
    return keys.computeIfAbsent(key, k -> new KeyEntry(numbers.applyAsLong(k), k));
  }

  private void add(Instant at, KeyEntry entry, Labels labels, FlowCounters counters) {
    Instant start = BucketTime.bucketOf(at);
    if (start.isBefore(oldest(now)) || start.isBefore(kept)) {
      drops.count(DropReason.TOO_OLD, 1);
      return;
    }
    if (start.isAfter(BucketTime.bucketOf(now).plus(BucketTime.LENGTH))) {
      drops.count(DropReason.TOO_NEW, 1);
      return;
    }
    Bucket bucket = buckets.computeIfAbsent(start, Bucket::new);
    FlowCell cell = bucket.cell(entry);
    if (cell == null) {
      if (bucket.size() >= limits.flowsPerBucket()) {
        drops.count(DropReason.BUCKET_FULL, 1);
        return;
      }
      cell = bucket.begin(entry, labels);
      flows++;
    }
    bucket.add(cell, counters, labels);
    dirty = true;
  }

  private Instant oldest(Instant now) {
    return BucketTime.bucketOf(now).minus(BucketTime.LENGTH.multipliedBy(limits.buckets()));
  }

  /** Whether there is news, or a bucket has waited long enough to be closed. */
  public boolean hasNews(Instant now) {
    return dirty || !toClose(now).isEmpty();
  }

  /** Makes a new view, forgetting what is too old. */
  public Published publish(Instant now) {
    drops.count(
        DropReason.CONNECTION_FORGOTTEN, attributor.forgetIdle(now, limits.idleConnection()));
    trim(now);
    version++;
    dirty = false;
    List<Flow> changed = new ArrayList<>();
    List<FlowBucket> views = new ArrayList<>(buckets.size());
    buckets.values().forEach(bucket -> views.add(bucket.publish(version, changed)));
    List<FlowBucket> closed = close(now);
    return new Published(new FlowHistory(version, views, closedUpTo), List.copyOf(changed), closed);
  }

  private void trim(Instant now) {
    while (!buckets.isEmpty() && buckets.firstKey().isBefore(oldest(now))) {
      dropOldest();
    }
    while (flows > limits.flows() && buckets.size() > 1) {
      drops.count(DropReason.HISTORY_SHORTENED, dropOldest());
      kept = buckets.firstKey();
    }
  }

  private int dropOldest() {
    Bucket oldest = buckets.pollFirstEntry().getValue();
    flows -= oldest.size();
    return oldest.size();
  }

  /** Buckets that start before this moment are over. */
  private Instant closing(Instant now) {
    return BucketTime.bucketOf(now.minus(limits.closeAfter()));
  }

  private Map<Instant, Bucket> toClose(Instant now) {
    Instant closing = closing(now);
    return closing.isAfter(closedUpTo)
        ? buckets.subMap(closedUpTo, true, closing, false)
        : Map.of();
  }

  private List<FlowBucket> close(Instant now) {
    List<FlowBucket> closed = new ArrayList<>();
    toClose(now).values().forEach(bucket -> closed.add(bucket.publish(version, new ArrayList<>())));
    Instant closing = closing(now);
    if (closing.isAfter(closedUpTo)) {
      closedUpTo = closing;
      // Once for each bucket is often enough to look for keys that nobody uses any more.
      Instant oldest = buckets.isEmpty() ? Instant.MAX : buckets.firstKey();
      keys.values().removeIf(entry -> entry.isForgotten(oldest));
    }
    return closed;
  }

  /** Sizes, for metrics. */
  public record Sizes(int buckets, int flows, int connections) {}

  public Sizes sizes() {
    return new Sizes(buckets.size(), flows, attributor.connections());
  }
}
