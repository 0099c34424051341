package io.margay.flows.history;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flows of 15 seconds while they are counted. */
final class Bucket {
  private final Instant start;
  private final Instant end;
  private final CommonLabels commonLabels;

  /** In the order in which they began, which is much the same in all buckets. */
  private List<FlowCell> cells = new ArrayList<>();

  /** By the places of their keys. */
  private Int2ObjectOpenHashMap<FlowCell> byPlace = new Int2ObjectOpenHashMap<>();

  private List<FlowCell> changed = new ArrayList<>();
  private @Nullable FlowBucket published;

  Bucket(Instant start, CommonLabels commonLabels) {
    this.start = start;
    this.end = start.plus(BucketTime.LENGTH);
    this.commonLabels = commonLabels;
  }

  int size() {
    return cells.size();
  }

  /** The flow of a key; null if it has none yet. */
  @Nullable FlowCell cell(KeyEntry entry) {
    FlowCell newest = entry.newest;
    return newest != null && newest.isIn(this) ? newest : byPlace.get(entry.place);
  }

  /** Begins the flow of a key that has none yet. */
  FlowCell begin(KeyEntry entry, List<String> sourceLabels, List<String> destLabels) {
    FlowCell cell = new FlowCell(entry, this, sourceLabels, destLabels);
    byPlace.put(entry.place, cell);
    cells.add(cell);
    entry.begin(cell, start.getEpochSecond());
    return cell;
  }

  void add(
      FlowCell cell, FlowCounters counters, List<String> sourceLabels, List<String> destLabels) {
    cell.keepCommon(sourceLabels, destLabels, commonLabels);
    if (cell.add(counters)) {
      changed.add(cell);
    }
  }

  Instant start() {
    return start;
  }

  Instant end() {
    return end;
  }

  /** The bucket as it is now; flows that changed since the last view are added to a list. */
  FlowBucket publish(long version, List<Flow> news) {
    FlowBucket view = published;
    if (view == null || !changed.isEmpty()) {
      changed.forEach(cell -> news.add(cell.publish(version)));
      changed.clear();
      view = view(version);
      published = view;
    }
    return view;
  }

  private FlowBucket view(long version) {
    Flow[] flows = new Flow[cells.size()];
    int[] places = new int[flows.length];
    for (int i = 0; i < flows.length; i++) {
      FlowCell cell = cells.get(i);
      flows[i] = cell.publish(version);
      places[i] = cell.entry.place;
    }
    return new FlowBucket(start, flows, places);
  }

  /** Lets go of its flows, so that a key that remembers one of them does not keep them all. */
  void drop() {
    cells = List.of();
    byPlace = new Int2ObjectOpenHashMap<>(0);
    changed = List.of();
    published = null;
  }
}
