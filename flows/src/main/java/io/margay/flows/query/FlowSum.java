package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import java.util.List;

/** The flows of one key while they are added up, oldest first: as {@link Flow#plusLater} does. */
final class FlowSum {
  private final Flow first;
  private Flow last;
  private List<String> sourceLabels;
  private List<String> destLabels;
  private long packetsIn;
  private long packetsOut;
  private long bytesIn;
  private long bytesOut;
  private long started;
  private long completed;
  private long version;

  FlowSum(Flow first) {
    this.first = first;
    this.last = first;
    this.sourceLabels = first.sourceLabels();
    this.destLabels = first.destLabels();
    count(first);
  }

  void add(Flow later) {
    last = later;
    sourceLabels = Flow.commonLabels(sourceLabels, later.sourceLabels());
    destLabels = Flow.commonLabels(destLabels, later.destLabels());
    count(later);
  }

  private void count(Flow flow) {
    FlowCounters counters = flow.counters();
    packetsIn += counters.packetsIn();
    packetsOut += counters.packetsOut();
    bytesIn += counters.bytesIn();
    bytesOut += counters.bytesOut();
    started += counters.started();
    completed += counters.completed();
    version = Math.max(version, flow.version());
  }

  /** The last flow: a sum is sorted as it is. */
  Flow last() {
    return last;
  }

  Flow flow() {
    if (first == last) {
      return first;
    }
    return new Flow(
        first.keyNumber(),
        first.key(),
        first.start(),
        last.end(),
        last.bucket(),
        sourceLabels,
        destLabels,
        new FlowCounters(
            packetsIn, packetsOut, bytesIn, bytesOut, started, completed, last.counters().live()),
        version);
  }
}
