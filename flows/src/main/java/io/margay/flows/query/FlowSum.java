package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import java.util.List;

/** The flows of one key while they are added up, newest first: as {@link Flow#plusLater} does. */
final class FlowSum {
  private final Flow newest;
  private final int place;
  private Flow oldest;
  private List<String> sourceLabels;
  private List<String> destLabels;
  private long packetsIn;
  private long packetsOut;
  private long bytesIn;
  private long bytesOut;
  private long started;
  private long completed;
  private long version;

  /**
   * @param place of the key, in the view that the flows are from
   */
  FlowSum(Flow newest, int place) {
    this.newest = newest;
    this.oldest = newest;
    this.place = place;
    this.sourceLabels = newest.sourceLabels();
    this.destLabels = newest.destLabels();
    count(newest);
  }

  Flow newest() {
    return newest;
  }

  int place() {
    return place;
  }

  /** Adds an earlier flow; the newest itself, which is in already, is left out. */
  void addEarlier(Flow earlier) {
    if (earlier == newest) {
      return;
    }
    oldest = earlier;
    sourceLabels = Flow.commonLabels(sourceLabels, earlier.sourceLabels());
    destLabels = Flow.commonLabels(destLabels, earlier.destLabels());
    count(earlier);
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

  Flow flow() {
    if (oldest == newest) {
      return newest;
    }
    return new Flow(
        newest.keyNumber(),
        newest.key(),
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
