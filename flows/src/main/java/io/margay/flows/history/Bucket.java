package io.margay.flows.history;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The flows of 15 seconds while they are counted. */
final class Bucket {
  private final Instant start;
  private final Map<FlowKey, FlowCell> cells = new HashMap<>();
  private final List<FlowCell> changed = new ArrayList<>();
  private @Nullable FlowBucket published;

  Bucket(Instant start) {
    this.start = start;
  }

  boolean contains(FlowKey key) {
    return cells.containsKey(key);
  }

  int size() {
    return cells.size();
  }

  void add(KeyEntry entry, Labels labels, FlowCounters counters) {
    FlowCell cell = cells.get(entry.key);
    if (cell == null) {
      cell = new FlowCell(entry, start, labels);
      cells.put(entry.key, cell);
      entry.uses++;
    }
    if (cell.add(counters, labels)) {
      changed.add(cell);
    }
  }

  Collection<FlowCell> cells() {
    return Collections.unmodifiableCollection(cells.values());
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
