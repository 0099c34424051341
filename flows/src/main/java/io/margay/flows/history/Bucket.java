package io.margay.flows.history;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flows of 15 seconds while they are counted. */
final class Bucket {
  private final Instant start;
  private final Map<KeyEntry, FlowCell> cells = new HashMap<>();
  private final List<FlowCell> changed = new ArrayList<>();
  private @Nullable FlowBucket published;

  Bucket(Instant start) {
    this.start = start;
  }

  int size() {
    return cells.size();
  }

  /** The flow of a key; null if it has none yet. */
  @Nullable FlowCell cell(KeyEntry entry) {
    FlowCell newest = entry.newest;
    return newest != null && newest.isIn(this) ? newest : cells.get(entry);
  }

  /** Begins the flow of a key that has none yet. */
  FlowCell begin(KeyEntry entry, Labels labels) {
    FlowCell cell = new FlowCell(entry, this, labels);
    cells.put(entry, cell);
    entry.begin(cell, start);
    return cell;
  }

  void add(FlowCell cell, FlowCounters counters, Labels labels) {
    if (cell.add(counters, labels)) {
      changed.add(cell);
    }
  }

  Instant start() {
    return start;
  }

  /** The bucket as it is now; flows that changed since the last view are added to a list. */
  FlowBucket publish(long version, List<Flow> news) {
    FlowBucket view = published;
    if (view == null || !changed.isEmpty()) {
      changed.forEach(cell -> news.add(cell.publish(version)));
      changed.clear();
      List<Flow> flows = new ArrayList<>(cells.size());
      cells.values().forEach(cell -> flows.add(cell.publish(version)));
      view = new FlowBucket(start, flows);
      published = view;
    }
    return view;
  }
}
