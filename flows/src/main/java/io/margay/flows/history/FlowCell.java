package io.margay.flows.history;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.directory.EndpointDirectory.Ends;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A flow that is being counted, in one bucket. */
final class FlowCell {
  final KeyEntry entry;
  private final Instant bucket;
  private List<String> sourceLabels;
  private List<String> destLabels;
  private long packetsIn;
  private long packetsOut;
  private long bytesIn;
  private long bytesOut;
  private long started;
  private long completed;
  private boolean dirty;
  private @Nullable Flow published;

  FlowCell(KeyEntry entry, Instant bucket, Ends ends) {
    this.entry = entry;
    this.bucket = bucket;
    this.sourceLabels = ends.source().labels();
    this.destLabels = ends.dest().labels();
  }

  /** Adds to the counters, and returns whether this is the first news since the last view. */
  boolean add(Increment increment, Ends ends) {
    packetsIn += increment.packetsIn();
    packetsOut += increment.packetsOut();
    bytesIn += increment.bytesIn();
    bytesOut += increment.bytesOut();
    started += increment.started();
    completed += increment.completed();
    sourceLabels = Flow.commonLabels(sourceLabels, ends.source().labels());
    destLabels = Flow.commonLabels(destLabels, ends.dest().labels());
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
              bucket,
              bucket.plus(BucketTime.LENGTH),
              bucket,
              sourceLabels,
              destLabels,
              new FlowCounters(
                  packetsIn, packetsOut, bytesIn, bytesOut, started, completed, entry.live),
              version);
      published = flow;
      dirty = false;
    }
    return flow;
  }
}
