package io.margay.flows.collect;

import io.margay.flows.DropCounters;
import io.margay.flows.DropReason;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.attribution.Attributor;
import io.margay.flows.attribution.Increment;
import io.margay.flows.directory.EndpointDirectory.Ends;
import io.margay.flows.history.BucketTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a node has counted since it last told. Owned by one thread.
 *
 * <p>Packets, bytes and connections are told as increments. Open connections are a level: a
 * bucket's first update brings the level and later ones by how much it has changed, so that in each
 * bucket they sum up to the level, for us and for a Goldmane alike.
 */
final class UpdateBuffer implements Attributor.Sink {
  /** For so long a bucket remembers which level it told. What comes later tells none. */
  private static final Duration REMEMBERED = BucketTime.LENGTH.multipliedBy(2);

  private final int flowsPerBucket;
  private final DropCounters drops;
  private final TreeMap<Instant, Map<FlowKey, Cell>> buckets = new TreeMap<>();
  private final Map<FlowKey, Long> live = new HashMap<>();
  private Instant rememberedFrom = Instant.MIN;

  UpdateBuffer(int flowsPerBucket, DropCounters drops) {
    this.flowsPerBucket = flowsPerBucket;
    this.drops = drops;
  }

  /** One flow in one bucket. */
  private static final class Cell {
    private FlowCounters untold = FlowCounters.ZERO;
    private List<String> sourceLabels;
    private List<String> destLabels;
    private boolean news;
    private long toldLive;

    Cell(Ends ends) {
      this.sourceLabels = ends.source().labels();
      this.destLabels = ends.dest().labels();
    }

    void add(Ends ends, FlowCounters increment) {
      untold = untold.plusLater(increment);
      sourceLabels = Flow.commonLabels(sourceLabels, ends.source().labels());
      destLabels = Flow.commonLabels(destLabels, ends.dest().labels());
      news = true;
    }

    FlowCounters tell(long liveNow) {
      FlowCounters told = untold.withLive(liveNow - toldLive);
      untold = FlowCounters.ZERO;
      toldLive = liveNow;
      news = false;
      return told;
    }
  }

  @Override
  public void add(Instant at, FlowKey key, Ends ends, Increment increment) {
    Map<FlowKey, Cell> bucket =
        buckets.computeIfAbsent(BucketTime.bucketOf(at), _ -> new LinkedHashMap<>());
    Cell cell = bucket.get(key);
    if (cell == null) {
      if (bucket.size() >= flowsPerBucket) {
        drops.count(DropReason.BUCKET_FULL, 1);
        return;
      }
      cell = new Cell(ends);
      bucket.put(key, cell);
    }
    cell.add(ends, increment.counters());
  }

  @Override
  public void live(FlowKey key, int change) {
    live.merge(key, (long) change, (now, more) -> now + more == 0 ? null : now + more);
  }

  /** Numbers updates. */
  interface Numbering {
    FlowUpdate.Origin next();
  }

  /** All that was not told yet, oldest bucket first. */
  List<FlowUpdate> drain(Instant now, Numbering numbering) {
    List<FlowUpdate> updates = new ArrayList<>();
    buckets.forEach((start, cells) -> {
      boolean levels = !start.isBefore(rememberedFrom);
      cells.forEach((key, cell) -> {
        if (cell.news) {
          FlowCounters counters = cell.tell(levels ? live.getOrDefault(key, 0L) : 0);
          updates.add(
              new FlowUpdate(
                  numbering.next(), start, key, cell.sourceLabels, cell.destLabels, counters));
        }
      });
    });
    rememberedFrom = BucketTime.bucketOf(now.minus(REMEMBERED));
    buckets.headMap(rememberedFrom).clear();
    return updates;
  }
}
