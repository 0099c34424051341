package io.margay.flows.shard;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.margay.flows.Flow;
import io.margay.flows.stream.LiveStreams.News;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** News on its way to another process: the flows come before it, one by one. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "news")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LiveMark.Gap.class, name = "gap"),
  @JsonSubTypes.Type(value = LiveMark.Earlier.class, name = "earlier"),
  @JsonSubTypes.Type(value = LiveMark.Synced.class, name = "synced"),
  @JsonSubTypes.Type(value = LiveMark.Changed.class, name = "changed")
})
sealed interface LiveMark {
  record Gap(String reason, @Nullable Instant since, String position) implements LiveMark {}

  record Earlier() implements LiveMark {}

  record Synced(String position) implements LiveMark {}

  record Changed(String position) implements LiveMark {}

  /** The news that this was, with the flows that came before it. */
  default News news(List<Flow> flows) {
    return switch (this) {
      case Gap(String reason, Instant since, String position) ->
          new News.Gap(reason, since, position);
      case Earlier() -> new News.Earlier(List.copyOf(flows));
      case Synced(String position) -> new News.Synced(position);
      case Changed(String position) -> new News.Changed(List.copyOf(flows), position);
    };
  }
}
