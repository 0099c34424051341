package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Answers questions from a view of the history; the aggregator goes on meanwhile. */
public final class FlowQueries {
  private FlowQueries() {}

  /** One flow for each key seen in the range, with its buckets summed up. */
  public static Page<Flow> list(
      FlowHistory history, TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    Long2ObjectOpenHashMap<FlowSum> sums = new Long2ObjectOpenHashMap<>();
    LongOpenHashSet others = new LongOpenHashSet();
    for (FlowBucket bucket : history.buckets()) {
      if (range.covers(bucket)) {
        for (Flow flow : bucket.flows()) {
          FlowSum sum = sums.get(flow.keyNumber());
          if (sum != null) {
            sum.add(flow);
          } else if (!others.contains(flow.keyNumber())) { // A filter looks at keys only.
            if (filter.test(flow)) {
              sums.put(flow.keyNumber(), new FlowSum(flow));
            } else {
              others.add(flow.keyNumber());
            }
          }
        }
      }
    }
    Comparator<FlowSum> comparator = Comparator.comparing(FlowSum::last, order.comparator());
    Page<FlowSum> wanted = page.of(sums.values(), comparator);
    return new Page<>(
        wanted.items().stream().map(FlowSum::flow).toList(),
        wanted.totalPages(),
        wanted.totalResults());
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
