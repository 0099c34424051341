package io.margay.flows.export;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowUpdate;
import io.margay.flows.history.BucketTime;
import java.time.Instant;
import java.util.List;

/**
 * What is told of one key in one bucket. A bucket may be told more than once, since updates may
 * come late: the flow is the sum.
 *
 * @param start of the bucket
 */
public record ExportedFlow(
    Instant start,
    FlowKey key,
    List<String> sourceLabels,
    List<String> destLabels,
    FlowCounters counters) {

  public ExportedFlow {
    sourceLabels = List.copyOf(sourceLabels);
    destLabels = List.copyOf(destLabels);
  }

  static ExportedFlow of(FlowUpdate update) {
    return new ExportedFlow(
        update.bucket(),
        update.key(),
        update.sourceLabels(),
        update.destLabels(),
        update.counters());
  }

  /** Joins with more of the same key and bucket. */
  ExportedFlow plus(ExportedFlow more) {
    return new ExportedFlow(
        start,
        key,
        Flow.commonLabels(sourceLabels, more.sourceLabels),
        Flow.commonLabels(destLabels, more.destLabels),
        counters.plusLater(more.counters).withLive(counters.live() + more.counters.live()));
  }

  public Instant end() {
    return start.plus(BucketTime.LENGTH);
  }
}
