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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gathers events, and the updates of nodes, into buckets. Owned by one thread, which also turns its
 * time: nothing here reads a clock.
 */
public final class FlowAggregator {
  /** With each view: at two views a second, 100,000 keys in less than half an hour. */
  private static final int KEYS_LOOKED_AT = 32;

  private final FlowLimits limits;
  private final DropCounters drops;
  private final Attributor attributor;
  private final TreeMap<Instant, Bucket> buckets = new TreeMap<>();
  private final KeyTable keys;
  private final CommonLabels commonLabels = new CommonLabels();
  private Instant now = Instant.MIN;

  /** The bucket that was counted in last: most likely the next one too. */
  private @Nullable Bucket current;

  /** What may be counted at this time, as starts of buckets in epoch seconds, both inclusive. */
  private long oldestAllowed;

  private long newestAllowed;
  private long version;
  private int flows;
  private boolean dirty;

  /** The latest view of each bucket, oldest first. */
  private List<FlowBucket> views = List.of();

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
    this.keys = new KeyTable(numbers);
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
    turnTo(now);
    attributor.accept(event);
  }

  /** Adds what a node counted to the bucket that it names. */
  public void accept(FlowUpdate update, Instant now) {
    turnTo(now);
    add(
        update.bucket(),
        entry(update.key()),
        update.sourceLabels(),
        update.destLabels(),
        update.counters());
  }

  /** Takes what this process attributed itself. */
  private final class OwnFlows implements Attributor.Sink {
    @Override
    public void add(Instant at, FlowKey key, Ends ends, Increment increment) {
      FlowAggregator.this.add(
          at, entry(key), ends.source().labels(), ends.dest().labels(), increment.counters());
    }

    @Override
    public void live(FlowKey key, int change) {
      entry(key).live += change;
    }
  }

  private void turnTo(Instant time) {
    if (!time.equals(now)) {
      now = time;
      oldestAllowed = Math.max(oldest(time).getEpochSecond(), kept.getEpochSecond());
      newestAllowed = BucketTime.bucketOf(time).plus(BucketTime.LENGTH).getEpochSecond();
    }
  }

  private KeyEntry entry(FlowKey key) {
    KeyEntry known = keys.find(key);
    return known != null ? known : keys.begin(key, oldestBucket());
  }

  /** The start of the oldest bucket, in epoch seconds. */
  private long oldestBucket() {
    return buckets.isEmpty() ? Long.MAX_VALUE : buckets.firstKey().getEpochSecond();
  }

  private void add(
      Instant at,
      KeyEntry entry,
      List<String> sourceLabels,
      List<String> destLabels,
      FlowCounters counters) {
    long start = BucketTime.secondOf(at);
    if (start < oldestAllowed) {
      drops.count(DropReason.TOO_OLD, 1);
      return;
    }
    if (start > newestAllowed) {
      drops.count(DropReason.TOO_NEW, 1);
      return;
    }
    Bucket bucket = bucket(start);
    FlowCell cell = bucket.cell(entry);
    if (cell == null) {
      if (bucket.size() >= limits.flowsPerBucket()) {
        drops.count(DropReason.BUCKET_FULL, 1);
        return;
      }
      cell = bucket.begin(entry, sourceLabels, destLabels);
      flows++;
    }
    bucket.add(cell, counters, sourceLabels, destLabels);
    dirty = true;
  }

  private Bucket bucket(long second) {
    Bucket bucket = current;
    if (bucket == null || bucket.start().getEpochSecond() != second) {
      bucket =
          buckets.computeIfAbsent(
              Instant.ofEpochSecond(second), start -> new Bucket(start, commonLabels));
      current = bucket;
    }
    return bucket;
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
    keys.forget(KEYS_LOOKED_AT, oldestBucket());
    version++;
    List<Flow> changed = new ArrayList<>();
    views = views(changed);
    dirty = false;
    List<FlowBucket> closed = close(now);
    return new Published(new FlowHistory(version, views, closedUpTo), List.copyOf(changed), closed);
  }

  private List<FlowBucket> views(List<Flow> changed) {
    if (!dirty) { // Nothing was added: the oldest may have gone, the others are as they were.
      List<FlowBucket> rest = new ArrayList<>(views);
      return List.copyOf(rest.subList(rest.size() - buckets.size(), rest.size()));
    }
    List<FlowBucket> all = new ArrayList<>(buckets.size());
    buckets.values().forEach(bucket -> all.add(bucket.publish(version, changed)));
    return List.copyOf(all);
  }

  private void trim(Instant now) {
    while (!buckets.isEmpty() && buckets.firstKey().isBefore(oldest(now))) {
      dropOldest();
    }
    while (flows > limits.flows() && buckets.size() > 1) {
      drops.count(DropReason.HISTORY_SHORTENED, dropOldest());
      kept = buckets.firstKey();
      oldestAllowed = Math.max(oldestAllowed, kept.getEpochSecond());
    }
  }

  private int dropOldest() {
    Bucket oldest = buckets.pollFirstEntry().getValue();
    int size = oldest.size();
    flows -= size;
    oldest.drop();
    current = null;
    return size;
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
    }
    return closed;
  }

  /** Sizes, for metrics. */
  public record Sizes(int buckets, int flows, int connections) {}

  public Sizes sizes() {
    return new Sizes(buckets.size(), flows, attributor.connections());
  }
}
