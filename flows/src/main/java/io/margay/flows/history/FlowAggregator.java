package io.margay.flows.history;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowLimits;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.directory.EndpointDirectory;
import io.margay.flows.directory.EndpointDirectory.Ends;
import io.margay.flows.history.ConnectionTable.Connection;
import io.margay.model.flow.FlowEvent;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ResourceChange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers events into buckets. Owned by one thread, which also turns its time: nothing here reads a
 * clock.
 *
 * <p>A packet is counted once: the first packet of an allowed connection with the news of the
 * connection, so that a flow is never empty, and taken off the connection's first counters. Denied
 * attempts have no counters, so their news is all there is.
 */
public final class FlowAggregator {
  private static final int CACHED_TRACES = 10_000;

  private final FlowLimits limits;
  private final DropCounters drops;
  private final EndpointDirectory directory = new EndpointDirectory();
  private final ConnectionTable connections;
  private final TreeMap<Instant, Bucket> buckets = new TreeMap<>();
  private final Map<FlowKey, KeyEntry> keys = new HashMap<>();
  private final Map<Outcome, PolicyTrace> traces = new HashMap<>();
  private long nextKeyNumber = 1;
  private long version;
  private int flows;
  private boolean dirty;
  private Instant closedUpTo = Instant.MIN;

  public FlowAggregator(FlowLimits limits, DropCounters drops) {
    this.limits = limits;
    this.drops = drops;
    this.connections = new ConnectionTable(limits.connections());
  }

  /** What readers get: a view of everything, what is new in it, and buckets that just closed. */
  public record Published(FlowHistory history, List<Flow> changed, List<FlowBucket> closed) {}

  /** Takes over a change of who has which address. */
  public void apply(ResourceChange change) {
    directory.apply(change);
  }

  /** Counts an event in the bucket of its time. */
  public void accept(FlowEvent event, Instant now) {
    switch (event) {
      case FlowEvent.Judged judged -> judged(judged, now);
      case FlowEvent.Counted counted -> counted(counted, now);
    }
  }

  private void judged(FlowEvent.Judged event, Instant now) {
    Ends ends = directory.attribute(event.packet());
    KeyEntry entry = entry(event, ends, service(event), event.dscp());
    if (event.outcome().verdict() == Verdict.DENY) {
      long attempts = event.connections();
      add(
          event.at(),
          now,
          entry,
          ends,
          new Increment(attempts, 0, attempts * event.bytes(), 0, attempts, 0));
      return;
    }
    follow(event, new Connection(entry, ends, event.at(), true, event.bytes()));
    add(
        event.at(),
        now,
        entry,
        ends,
        new Increment(1, 0, event.bytes(), 0, event.connections(), 0));
  }

  private void counted(FlowEvent.Counted event, Instant now) {
    ConnectionTable.Id id = new ConnectionTable.Id(event.packet(), event.direction());
    Connection connection = connections.get(id);
    if (connection == null) {
      // Its first packet was skipped by a rate limit, or came before this process.
      Ends ends = directory.attribute(event.packet());
      connection =
          new Connection(
              entry(event, ends, serviceAtOtherEnd(event), FlowKey.UNKNOWN_DSCP),
              ends,
              event.at(),
              false,
              0);
      if (!event.ended()) {
        follow(event, connection);
      }
    } else if (event.ended()) {
      connections.remove(id);
      connection.entry.live--;
    }
    connection.heardOf = event.at();
    boolean countedBefore = connection.firstPacketCounted && event.in().packets() > 0;
    if (countedBefore) {
      connection.firstPacketCounted = false;
    }
    add(
        event.at(),
        now,
        connection.entry,
        connection.ends,
        new Increment(
            event.in().packets() - (countedBefore ? 1 : 0),
            event.out().packets(),
            Math.max(0, event.in().bytes() - (countedBefore ? connection.firstPacketBytes : 0)),
            event.out().bytes(),
            0,
            event.ended() ? 1 : 0));
  }

  private void follow(FlowEvent event, Connection connection) {
    Connection before =
        connections.put(new ConnectionTable.Id(event.packet(), event.direction()), connection);
    connection.entry.live++;
    if (before != null) {
      before.entry.live--;
    }
  }

  private @Nullable FlowService service(FlowEvent.Judged event) {
    FlowEvent.ServiceAddress address = event.serviceAddress();
    return address == null
        ? serviceAtOtherEnd(event)
        : directory.service(address.address(), event.packet().protocol(), address.port());
  }

  /**
   * Only the node that translates the address knows the service. Where its pod's report of the same
   * connection came first, the other end can be told like it, instead of as another flow.
   */
  private @Nullable FlowService serviceAtOtherEnd(FlowEvent event) {
    Direction otherEnd =
        switch (event.direction()) {
          case INGRESS -> Direction.EGRESS;
          case EGRESS -> Direction.INGRESS;
        };
    Connection connection = connections.get(new ConnectionTable.Id(event.packet(), otherEnd));
    return connection == null ? null : connection.entry.key.service();
  }

  private KeyEntry entry(FlowEvent event, Ends ends, @Nullable FlowService service, int dscp) {
    Packet packet = event.packet();
    Protocol protocol = packet.protocol();
    Direction direction = event.direction();
    FlowKey key =
        new FlowKey(
            ends.source().peer(),
            ends.dest().peer(),
            protocol.hasPorts() ? packet.destinationPort() : 0,
            service,
            protocol,
            Reporter.of(direction),
            trace(event.outcome()),
            dscp,
            "");
    return keys.computeIfAbsent(key, k -> new KeyEntry(nextKeyNumber++, k));
  }

  private PolicyTrace trace(Outcome outcome) {
    if (traces.size() > CACHED_TRACES) {
      traces.clear();
    }
    return traces.computeIfAbsent(outcome, PolicyTrace::of);
  }

  private void add(Instant at, Instant now, KeyEntry entry, Ends ends, Increment increment) {
    Instant start = BucketTime.bucketOf(at);
    if (start.isBefore(oldest(now))) {
      drops.count(DropReason.TOO_OLD, 1);
      return;
    }
    if (start.isAfter(BucketTime.bucketOf(now).plus(BucketTime.LENGTH))) {
      drops.count(DropReason.TOO_NEW, 1);
      return;
    }
    Bucket bucket = buckets.computeIfAbsent(start, Bucket::new);
    if (!bucket.contains(entry.key)) {
      if (bucket.size() >= limits.flowsPerBucket()) {
        drops.count(DropReason.BUCKET_FULL, 1);
        return;
      }
      flows++;
    }
    bucket.add(entry, increment, ends);
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
    connections.forget(
        now.minus(limits.idleConnection()),
        connection -> {
          connection.entry.live--;
          drops.count(DropReason.CONNECTION_FORGOTTEN, 1);
        });
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
    }
  }

  private int dropOldest() {
    Bucket oldest = buckets.pollFirstEntry().getValue();
    oldest.cells().forEach(cell -> cell.entry.uses--);
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
      keys.values().removeIf(entry -> entry.uses == 0 && entry.live == 0);
    }
    return closed;
  }

  /** Sizes, for metrics. */
  public record Sizes(int buckets, int flows, int connections) {}

  public Sizes sizes() {
    return new Sizes(buckets.size(), flows, connections.size());
  }
}
