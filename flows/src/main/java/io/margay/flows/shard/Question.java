package io.margay.flows.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.HintType;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one process asks another about the other's own flows. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "ask")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Question.Sums.class, name = "sums"),
  @JsonSubTypes.Type(value = Question.Records.class, name = "records"),
  @JsonSubTypes.Type(value = Question.Hints.class, name = "hints"),
  @JsonSubTypes.Type(value = Question.Statistics.class, name = "statistics"),
  @JsonSubTypes.Type(value = Question.Density.class, name = "density"),
  @JsonSubTypes.Type(value = Question.Graph.class, name = "graph"),
  @JsonSubTypes.Type(value = Question.Activity.class, name = "activity"),
  @JsonSubTypes.Type(value = Question.Closed.class, name = "closed"),
  @JsonSubTypes.Type(value = Question.Live.class, name = "live")
})
sealed interface Question {
  /** One flow for each key. All of them: only whoever has all shards' flows knows their order. */
  record Sums(TimeRange range, FlowFilter filter) implements Question {}

  /**
   * Flows bucket by bucket, newest first, the last bucket whole.
   *
   * @param atLeast so many of buckets that start before a moment, unless there are fewer
   */
  record Records(TimeRange range, FlowFilter filter, Instant before, int atLeast)
      implements Question {}

  /** All values. */
  record Hints(HintType type, TimeRange range, FlowFilter filter) implements Question {}

  record Statistics(StatisticsQuery query) implements Question {}

  /** The range has a start and an end, so that all shards' steps are the same. */
  record Density(TimeRange range, FlowFilter filter, int steps) implements Question {}

  record Graph(TimeRange range, FlowFilter filter, GraphLevel level) implements Question {}

  record Activity(TimeRange range) implements Question {}

  /**
   * Each flow of each bucket once, when the bucket has closed, without an end.
   *
   * @param from buckets that started then or later come first; null for no past
   */
  record Closed(FlowFilter filter, @Nullable Instant from) implements Question {}

  /**
   * Flows as they change, without an end and without a past.
   *
   * @param position behind which the stream goes on; null for a new one
   */
  record Live(FlowFilter filter, @Nullable String position) implements Question {}
}
