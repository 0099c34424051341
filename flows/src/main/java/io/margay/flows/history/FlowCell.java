package io.margay.flows.history;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flow that is being counted, in one bucket. */
final class FlowCell {
  final KeyEntry entry;
  private final Bucket bucket;
  private List<String> sourceLabels;
  private List<String> destLabels;
  private long packetsIn;
  private long packetsOut;
  private long bytesIn;
  private long bytesOut;
  private long started;
  private long completed;

  /** Open connections that nodes told; {@link KeyEntry} has those that this process follows. */
  private long liveOfNodes;

  private boolean dirty;
  private @Nullable Flow published;

  FlowCell(KeyEntry entry, Bucket bucket, List<String> sourceLabels, List<String> destLabels) {
    this.entry = entry;
    this.bucket = bucket;
    this.sourceLabels = sourceLabels;
    this.destLabels = destLabels;
  }

  boolean isIn(Bucket one) {
    return bucket == one;
  }

  /** Keeps those labels that these sets have too. */
  void keepCommon(List<String> source, List<String> dest, CommonLabels commonLabels) {
    sourceLabels = commonLabels.of(sourceLabels, source);
    destLabels = commonLabels.of(destLabels, dest);
  }

  /** Adds to the counters, and returns whether this is the first news since the last view. */
  boolean add(FlowCounters increment) {
    packetsIn += increment.packetsIn();
    packetsOut += increment.packetsOut();
    bytesIn += increment.bytesIn();
    bytesOut += increment.bytesOut();
    started += increment.started();
    completed += increment.completed();
    liveOfNodes += increment.live();
    published = null;
    boolean first = !dirty;
    dirty = true;
    return first;
  }

  /** The flow as it is now; the same object until something is added. */
  Flow publish(long version) {
    Flow flow = published;
    if (flow == null) {
      flow =
          new Flow(
              entry.number,
              entry.key,
              bucket.start(),
              bucket.end(),
              bucket.start(),
              sourceLabels,
              destLabels,
              new FlowCounters(
                  packetsIn,
                  packetsOut,
                  bytesIn,
                  bytesOut,
                  started,
                  completed,
                  entry.live + liveOfNodes),
              version);
      published = flow;
      dirty = false;
    }
    return flow;
  }
}
