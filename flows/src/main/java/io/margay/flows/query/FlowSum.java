package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flows of one key while they are added up, oldest first: as {@link Flow#plusLater} does. */
final class FlowSum {
  private @Nullable Flow first;
  private @Nullable Flow last;
  private List<String> sourceLabels = List.of();
  private List<String> destLabels = List.of();
  private long packetsIn;
  private long packetsOut;
  private long bytesIn;
  private long bytesOut;
  private long started;
  private long completed;
  private long version;

  void add(Flow later) {
    if (first == null) {
      first = later;
      sourceLabels = later.sourceLabels();
      destLabels = later.destLabels();
    } else {
      sourceLabels = Flow.commonLabels(sourceLabels, later.sourceLabels());
      destLabels = Flow.commonLabels(destLabels, later.destLabels());
    }
    last = later;
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

  /**
   * @throws IllegalStateException if nothing was added
   */
  Flow flow() {
    Flow oldest = first;
    Flow newest = last;
    if (oldest == null || newest == null) {
      throw new IllegalStateException("a sum of no flows");
    }
    if (oldest == newest) {
      return oldest;
    }
    return new Flow(
        oldest.keyNumber(),
        oldest.key(),
        oldest.start(),
        newest.end(),
        newest.bucket(),
        sourceLabels,
        destLabels,
        new FlowCounters(
            packetsIn, packetsOut, bytesIn, bytesOut, started, completed, newest.counters().live()),
        version);
  }
}
