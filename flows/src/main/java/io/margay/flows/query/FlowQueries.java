package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import it.unimi.dsi.fastutil.longs.Long2ObjectLinkedOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Answers questions from a view of the history; the aggregator goes on meanwhile. */
public final class FlowQueries {
  private FlowQueries() {}

  /** One flow for each key seen in the range, with its buckets summed up. */
  public static Page<Flow> list(
      FlowHistory history, TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    List<FlowBucket> buckets = history.buckets().stream().filter(range::covers).toList();
    Page<Flow> wanted = page.of(lastFlows(buckets, filter), order.comparator());
    return new Page<>(sums(buckets, wanted.items()), wanted.totalPages(), wanted.totalResults());
  }

  /** The last flow of each key: an order looks at nothing else. */
  private static List<Flow> lastFlows(List<FlowBucket> buckets, FlowFilter filter) {
    LongOpenHashSet seen = new LongOpenHashSet();
    List<Flow> last = new ArrayList<>();
    for (FlowBucket bucket : buckets.reversed()) {
      for (int i = 0; i < bucket.flows().size(); i++) {
        if (seen.add(bucket.keyNumber(i))) {
          Flow flow = bucket.flows().get(i);
          if (filter.test(flow)) {
            last.add(flow);
          }
        }
      }
    }
    return last;
  }

  private static List<Flow> sums(List<FlowBucket> buckets, List<Flow> wanted) {
    Long2ObjectLinkedOpenHashMap<FlowSum> sums = new Long2ObjectLinkedOpenHashMap<>();
    wanted.forEach(flow -> sums.put(flow.keyNumber(), new FlowSum()));
    for (FlowBucket bucket : buckets) {
      for (int i = 0; i < bucket.flows().size(); i++) {
        FlowSum sum = sums.get(bucket.keyNumber(i));
        if (sum != null) {
          sum.add(bucket.flows().get(i));
        }
      }
    }
    return sums.values().stream().map(FlowSum::flow).toList();
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
