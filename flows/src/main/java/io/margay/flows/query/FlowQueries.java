package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Answers questions from a view of the history; the aggregator goes on meanwhile. */
public final class FlowQueries {
  private FlowQueries() {}

  /** One flow for each key seen in the range, with its buckets summed up. */
  public static Page<Flow> list(
      FlowHistory history, TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    List<FlowBucket> newestFirst =
        history.buckets().reversed().stream().filter(range::covers).toList();
    int places = newestFirst.stream().mapToInt(FlowBucket::placesEnd).max().orElse(0);
    List<FlowSum> newest = newest(newestFirst, filter, places);
    Comparator<Flow> comparator = order.comparator();
    Page<FlowSum> wanted =
        page.of(newest, (one, other) -> comparator.compare(one.newest(), other.newest()));
    addEarlier(newestFirst, wanted.items(), places);
    return new Page<>(
        wanted.items().stream().map(FlowSum::flow).toList(),
        wanted.totalPages(),
        wanted.totalResults());
  }

  /** The newest flow of each key: an order looks at nothing else. */
  private static List<FlowSum> newest(List<FlowBucket> newestFirst, FlowFilter filter, int places) {
    boolean all = filter.isAll();
    BitSet seen = new BitSet(places);
    List<FlowSum> newest = new ArrayList<>();
    for (FlowBucket bucket : newestFirst) {
      List<Flow> flows = bucket.flows();
      for (int i = 0; i < flows.size(); i++) {
        int place = bucket.place(i);
        if (!seen.get(place)) {
          seen.set(place);
          Flow flow = flows.get(i);
          if (all || filter.test(flow)) {
            newest.add(new FlowSum(flow, place));
          }
        }
      }
    }
    return newest;
  }

  private static void addEarlier(List<FlowBucket> newestFirst, List<FlowSum> sums, int places) {
    @Nullable FlowSum[] byPlace = new FlowSum[places];
    sums.forEach(sum -> byPlace[sum.place()] = sum);
    for (FlowBucket bucket : newestFirst) {
      List<Flow> flows = bucket.flows();
      for (int i = 0; i < flows.size(); i++) {
        FlowSum sum = byPlace[bucket.place(i)];
        if (sum != null) {
          sum.addEarlier(flows.get(i));
        }
      }
    }
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
