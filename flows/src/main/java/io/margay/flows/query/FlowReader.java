package io.margay.flows.query;

import io.margay.flows.Flow;
import java.util.List;

/**
 * Answers every question about flows; all APIs ask through it. Implementations read memory, the
 * archive on disk, both, or other processes. An answer is of one moment: what arrives meanwhile is
 * in the next one.
 *
 * <p>Both ends of a connection report it when both are known: who wants each connection once asks
 * for one reporter in the filter.
 */
public interface FlowReader {

  /** One flow for each key seen in the range, with its buckets summed up and labels intersected. */
  Page<Flow> list(TimeRange range, FlowFilter filter, FlowOrder order, Page.Request page);

  /**
   * Flows bucket by bucket, newest first and not summed up. A page begins behind the cursor's
   * place, so flows that arrive between two pages neither shift nor repeat anything: those in newer
   * buckets are for a reader who begins anew.
   *
   * @param cursor {@link FlowCursor#NEWEST} for the first page, then {@link CursorPage#next}
   * @param size of the page, at least 1
   */
  CursorPage<Flow> records(TimeRange range, FlowFilter filter, FlowCursor cursor, int size);

  /** The distinct values that a filter could ask for, sorted. */
  Page<String> hints(HintType type, TimeRange range, FlowFilter filter, Page.Request page);

  /** What policies, or their rules, allowed, denied and passed; sorted by policy and rule. */
  List<PolicyStatistic> statistics(StatisticsQuery query);

  /**
   * How much was allowed and denied over time: equal steps without gaps, those without flows too.
   *
   * @param steps at most so many, from 1 to {@value DensityStep#MAX_STEPS}; there are fewer where a
   *     step would be shorter than a bucket. An open range runs from the first to the last flow
   */
  List<DensityStep> density(TimeRange range, FlowFilter filter, int steps);

  /** Who spoke to whom. */
  FlowGraph graph(TimeRange range, FlowFilter filter, GraphLevel level);

  /** How often each policy decided or passed, and when it last did; sorted by policy. */
  List<PolicyActivity> policyActivity(TimeRange range);
}
