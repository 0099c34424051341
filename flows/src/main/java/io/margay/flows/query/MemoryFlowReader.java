package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.history.FlowHistory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Answers from the buckets in memory, as the latest view has them. */
public final class MemoryFlowReader implements FlowReader {
  private final Supplier<FlowHistory> latest;

  public MemoryFlowReader(Supplier<FlowHistory> latest) {
    this.latest = latest;
  }

  @Override
  public Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page) {
    return FlowQueries.list(latest.get(), range, filter, order, page);
  }

  @Override
  public CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("page size " + size + " is too small, write at least 1");
    }
    List<Flow> items = new ArrayList<>();
    for (FlowBucket bucket : latest.get().buckets().reversed()) {
      if (!range.covers(bucket)) {
        continue;
      }
      long second = bucket.start().getEpochSecond();
      bucket.flows().stream()
          .filter(flow -> cursor.isBefore(second, flow.keyNumber()))
          .filter(filter)
          .sorted(Comparator.comparing(Flow::keyNumber).reversed())
          .forEach(items::add);
      if (items.size() > size) {
        return new CursorPage<>(items.subList(0, size), behind(items.get(size - 1)));
      }
    }
    return new CursorPage<>(items, null);
  }

  private static FlowCursor behind(Flow flow) {
    return FlowCursor.behind(flow.bucket(), flow.keyNumber());
  }

  @Override
  public Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page) {
    TreeSet<String> values = new TreeSet<>();
    flows(range, filter).forEach(flow -> type.values(flow.key()).forEach(values::add));
    return page.of(List.copyOf(values));
  }

  @Override
  public List<PolicyStatistic> statistics(StatisticsQuery query) {
    StatisticsAnswer answer = new StatisticsAnswer(query);
    // By key and step, so that of open connections only the last level counts.
    Map<Long, Map<Long, Flow>> steps = new HashMap<>();
    for (Flow flow : flows(query.range(), FlowFilter.ALL)) {
      steps
          .computeIfAbsent(query.stepOf(flow.start().getEpochSecond()), step -> new HashMap<>())
          .merge(flow.keyNumber(), flow, Flow::plusLater);
    }
    steps
        .values()
        .forEach(byKey ->
            byKey
                .values()
                .forEach(flow ->
                    answer.add(
                        flow.key().trace(),
                        flow.key().reporter(),
                        flow.start().getEpochSecond(),
                        flow.counters())));
    return answer.result();
  }

  @Override
  public List<DensityStep> density(TimeRange range, FlowFilter filter, int steps) {
    List<FlowBucket> buckets = latest.get().buckets();
    long first = buckets.isEmpty() ? 0 : buckets.getFirst().start().getEpochSecond();
    long end = buckets.isEmpty() ? 0 : buckets.getLast().end().getEpochSecond();
    DensityAnswer answer =
        new DensityAnswer(range.fromSecondOr(first), range.toSecondOr(end), steps);
    for (Flow flow : flows(range, filter)) {
      answer.add(flow.key().trace(), flow.start().getEpochSecond(), Volume.of(flow.counters()));
    }
    return answer.result();
  }

  @Override
  public FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level) {
    GraphAnswer answer = new GraphAnswer(level);
    flows(range, filter).forEach(flow -> answer.add(flow.key(), Volume.of(flow.counters())));
    return answer.result();
  }

  @Override
  public List<PolicyActivity> policyActivity(TimeRange range) {
    ActivityAnswer answer = new ActivityAnswer();
    for (Flow flow : flows(range, FlowFilter.ALL)) {
      answer.add(flow.key().trace(), flow.key().reporter(), flow.counters().started(), flow.end());
    }
    return answer.result();
  }

  private List<Flow> flows(TimeRange range, FlowFilter filter) {
    return FlowQueries.buckets(latest.get(), range, filter);
  }
}
