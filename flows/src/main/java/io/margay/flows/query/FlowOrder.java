package io.margay.flows.query;

import io.margay.flows.Flow;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a list is sorted. Ties are broken by time, newest first, then by key. */
public enum FlowOrder {
  TIME("Time", null),
  DEST_NAME("DestName", flow -> flow.key().dest().name()),
  DEST_NAMESPACE("DestNamespace", flow -> flow.key().dest().namespace()),
  SOURCE_NAME("SourceName", flow -> flow.key().source().name()),
  SOURCE_NAMESPACE("SourceNamespace", flow -> flow.key().source().namespace());

  private final String goldmaneName;
  private final Comparator<Flow> comparator;

  FlowOrder(String goldmaneName, @Nullable Function<Flow, String> field) {
    this.goldmaneName = goldmaneName;
    Comparator<Flow> newestFirst =
        Comparator.comparing(Flow::bucket)
            .thenComparing(Flow::start)
            .thenComparing(Flow::keyNumber)
            .reversed();
    this.comparator =
        field == null ? newestFirst : Comparator.comparing(field).thenComparing(newestFirst);
  }

  /** As queries write it. */
  public String goldmaneName() {
    return goldmaneName;
  }

  Comparator<Flow> comparator() {
    return comparator;
  }
}
