package io.margay.console.flow;

import io.margay.console.http.HttpFailure;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowCursor;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.TimeRange;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names a flow in one bucket: {@code KEY-SECOND}. */
public record FlowId(long keyNumber, long bucketSecond) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,18})-(\\d{1,12})");

  public static FlowId of(Flow flow) {
    return new FlowId(flow.keyNumber(), flow.bucket().getEpochSecond());
  }

  /** Reads what {@link #toString} wrote. */
  public static Optional<FlowId> parse(String text) {
    Matcher parts = TEXT.matcher(text);
    return parts.matches()
        ? Optional.of(new FlowId(Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2))))
        : Optional.empty();
  }

  /** The flow, if it is still kept in its bucket. */
  public Optional<Flow> find(FlowReader reader) {
    Instant bucket = Instant.ofEpochSecond(bucketSecond);
    TimeRange range = new TimeRange(bucket, bucket.plusSeconds(1));
    // The cursor before the flow: the page's only record is the flow, or a lower one.
    FlowCursor before = new FlowCursor(bucketSecond, keyNumber + 1);
    return reader.records(range, FlowFilter.ALL, before, 1).items().stream()
        .filter(flow -> of(flow).equals(this))
        .findFirst();
  }

  /** The answer for an id that names nothing. */
  public static HttpFailure notFound(String id) {
    return HttpFailure.notFound(
        "there is no flow " + id + ": it is too old to be told bucket by bucket, or never was");
  }

  @Override
  public String toString() {
    return keyNumber + "-" + bucketSecond;
  }
}
