package io.margay.flows.shard;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each process has of the flows that change, so that a change of one of them is told as the
 * sum of all. A bucket is asked for when its first change comes; most changes are of the latest
 * two, and one that was let go is asked for again.
 */
final class LiveSums {
  private static final int BUCKETS = 4;

  private final Buckets buckets = new Buckets();
  private final Source source;

  /** Who knows a bucket's flows. */
  @FunctionalInterface
  interface Source {
    /** The flows of a bucket by the names of those who have them. */
    Map<String, List<Flow>> flows(Instant bucket);
  }

  LiveSums(Source source) {
    this.source = source;
  }

  /** The parts of each key, by the names of those who have them. */
  private static final class Parts extends HashMap<FlowKey, Map<String, Flow>> {
    private static final long serialVersionUID = 1;

    Flow put(String shard, Flow flow) {
      Map<String, Flow> parts = computeIfAbsent(flow.key(), _ -> new TreeMap<>());
      parts.put(shard, flow);
      return parts.values().stream().reduce(ShardMerge::join).orElseThrow();
    }
  }

  /** The last used ones. */
  private static final class Buckets extends LinkedHashMap<Instant, Parts> {
    private static final long serialVersionUID = 1;

    Buckets() {
      super(BUCKETS, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<Instant, Parts> eldest) {
      return size() > BUCKETS;
    }
  }

  /** Takes over what one process has now, and returns the sums. */
  List<Flow> add(String shard, List<Flow> flows) {
    List<Flow> sums = new ArrayList<>(flows.size());
    for (Flow flow : flows) {
      Parts parts = buckets.get(flow.bucket());
      if (parts == null) {
        parts = load(flow.bucket());
        buckets.put(flow.bucket(), parts);
      }
      sums.add(parts.put(shard, ShardMerge.numbered(flow)));
    }
    return sums;
  }

  private Parts load(Instant bucket) {
    Parts parts = new Parts();
    source
        .flows(bucket)
        .forEach(
            (shard, flows) -> flows.forEach(flow -> parts.put(shard, ShardMerge.numbered(flow))));
    return parts;
  }

  /** Asks for everything anew, since a process that was away may have more than it told. */
  void forget() {
    buckets.clear();
  }
}
