package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Answers questions from a view of the history; the aggregator goes on meanwhile. */
public final class FlowQueries {
  private FlowQueries() {}

  /** One flow for each key seen in the range, with its buckets summed up. */
  public static Page<Flow> list(
      FlowHistory history, TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    Map<Long, Flow> byKey = new HashMap<>();
    for (FlowBucket bucket : history.buckets()) {
      if (range.covers(bucket)) {
        for (Flow flow : bucket.flows()) {
          if (filter.test(flow)) {
            byKey.merge(flow.keyNumber(), flow, Flow::plusLater);
          }
        }
      }
    }
    List<Flow> flows = new ArrayList<>(byKey.values());
    flows.sort(order.comparator());
    return page.of(flows);
  }

  /** The flows of each bucket in the range, oldest bucket first, not summed up. */
  public static List<Flow> buckets(FlowHistory history, TimeRange range, FlowFilter filter) {
    return history.buckets().stream()
        .filter(range::covers)
        .flatMap(bucket -> bucket.flows().stream())
        .filter(filter)
        .toList();
  }

  /** The distinct values that a filter could ask for, sorted. */
  public static Page<String> hints(
      FlowHistory history, HintType type, FlowFilter filter, Page.Request page) {
    TreeSet<String> values = new TreeSet<>();
    history.flows().filter(filter).flatMap(flow -> type.values(flow.key())).forEach(values::add);
    return page.of(List.copyOf(values));
  }
}
