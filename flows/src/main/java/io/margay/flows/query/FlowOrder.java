package io.margay.flows.query;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import java.util.Comparator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a list is sorted. Ties are broken by time, newest first, then by key. */
public enum FlowOrder {
  TIME("Time", null),
  DEST_NAME("DestName", key -> key.dest().name()),
  DEST_NAMESPACE("DestNamespace", key -> key.dest().namespace()),
  SOURCE_NAME("SourceName", key -> key.source().name()),
  SOURCE_NAMESPACE("SourceNamespace", key -> key.source().namespace());

  private final String goldmaneName;
  private final Function<FlowKey, String> field;
  private final Comparator<Flow> comparator;

  FlowOrder(String goldmaneName, @Nullable Function<FlowKey, String> field) {
    this.goldmaneName = goldmaneName;
    this.field = field == null ? key -> "" : field;
    this.comparator = field == null ? FlowOrder::newestFirst : this::compare;
  }

  private static int newestFirst(Flow one, Flow other) {
    int difference = other.bucket().compareTo(one.bucket());
    return difference != 0 ? difference : Long.compare(other.keyNumber(), one.keyNumber());
  }

  private int compare(Flow one, Flow other) {
    int difference = field(one.key()).compareTo(field(other.key()));
    return difference != 0 ? difference : newestFirst(one, other);
  }

  /** As queries write it. */
  public String goldmaneName() {
    return goldmaneName;
  }

  /** What is compared first; always empty if only the time counts. */
  public String field(FlowKey key) {
    return field.apply(key);
  }

  /** Sorts a list of flows. */
  public Comparator<Flow> comparator() {
    return comparator;
  }
}
