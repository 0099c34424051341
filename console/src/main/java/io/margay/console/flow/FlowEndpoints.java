package io.margay.console.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowJson.Dialect;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowQueries;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.FlowService;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Lists, hints and streams of flows. */
public final class FlowEndpoints {
  private final FlowService flows;
  private final InstantSource clock;
  private final FlowStreams streams;

  public FlowEndpoints(FlowService flows, InstantSource clock) {
    this.flows = flows;
    this.clock = clock;
    this.streams = new FlowStreams(flows);
  }

  /** Whisker's one path for lists and streams. */
  public void whiskerFlows(Exchange exchange) throws IOException {
    if (exchange.query("watch").filter("true"::equals).isPresent()) {
      streams.closedBuckets(exchange, filter(exchange), backfill(exchange));
    } else {
      list(exchange, Dialect.WHISKER);
    }
  }

  public void list(Exchange exchange) throws IOException {
    list(exchange, Dialect.OURS);
  }

  /** Flows as they change. */
  public void stream(Exchange exchange) throws IOException {
    streams.live(exchange, filter(exchange), backfill(exchange));
  }

  private void list(Exchange exchange, Dialect dialect) throws IOException {
    Page<Flow> page =
        FlowQueries.list(
            flows.history(), range(exchange), filter(exchange), order(exchange), page(exchange));
    write(exchange, page, (flow, json) -> FlowJson.write(flow, dialect, json));
  }

  public void hints(Exchange exchange) throws IOException {
    HintType type =
        named(
            "type",
            exchange.query("type").orElse(""),
            List.of(HintType.values()),
            HintType::goldmaneName);
    Page<String> page = FlowQueries.hints(flows.history(), type, filter(exchange), page(exchange));
    write(
        exchange,
        page,
        (value, json) -> {
          json.writeStartObject();
          json.writeStringField("value", shown(type, value));
          json.writeEndObject();
        });
  }

  private static String shown(HintType type, String value) {
    return switch (type) {
      case SOURCE_NAME, DEST_NAME -> FlowJson.displayName(value);
      case SOURCE_NAMESPACE, DEST_NAMESPACE ->
          value.equals(FlowPeer.NO_NAMESPACE) ? "Global" : value;
      case POLICY_KIND, POLICY_TIER, POLICY_NAMESPACE, POLICY_NAME -> value;
    };
  }

  private interface Item<T> {
    void write(T item, JsonGenerator json) throws IOException;
  }

  private static <T> void write(Exchange exchange, Page<T> page, Item<T> item) throws IOException {
    exchange.json(json -> {
      json.writeStartObject();
      json.writeObjectFieldStart("total");
      json.writeNumberField("totalPages", page.totalPages());
      json.writeNumberField("totalResults", page.totalResults());
      json.writeEndObject();
      json.writeArrayFieldStart("items");
      for (T value : page.items()) {
        item.write(value, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static FlowFilter filter(Exchange exchange) {
    return exchange.query("filters").map(FilterReader::read).orElse(FlowFilter.ALL);
  }

  private TimeRange range(Exchange exchange) {
    try {
      return TimeRange.of(
          exchange.queryNumber("startTimeGte", 0),
          exchange.queryNumber("startTimeLt", 0),
          clock.instant());
    } catch (IllegalArgumentException e) {
      throw HttpFailure.badRequest("startTimeGte, startTimeLt: " + e.getMessage());
    }
  }

  /** A stream without a start begins now, while a list without one begins with the oldest. */
  private FlowStreams.Backfill backfill(Exchange exchange) {
    boolean fromNow = exchange.queryNumber("startTimeGte", 0) == 0;
    return fromNow ? FlowStreams.Backfill.NONE : new FlowStreams.Backfill(range(exchange));
  }

  private static FlowOrder order(Exchange exchange) {
    List<String> asked = exchange.queryValues("sortBy");
    if (asked.size() > 1) {
      throw HttpFailure.badRequest("sortBy is given more than once, flows are sorted by one field");
    }
    return asked.isEmpty() || asked.getFirst().isEmpty()
        ? FlowOrder.TIME
        : named("sortBy", asked.getFirst(), List.of(FlowOrder.values()), FlowOrder::goldmaneName);
  }

  private static Page.Request page(Exchange exchange) {
    return new Page.Request(
        exchange.queryNumber("page", 0, 0, Integer.MAX_VALUE),
        exchange.queryNumber("pageSize", 0, 0, Integer.MAX_VALUE));
  }

  private static <T> T named(
      String parameter, String asked, List<T> values, Function<T, String> name) {
    return values.stream()
        .filter(value -> name.apply(value).equals(asked))
        .findFirst()
        .orElseThrow(() ->
            HttpFailure.badRequest(
                values.stream()
                    .map(name)
                    .collect(
                        Collectors.joining(
                            ", ", parameter + " \"" + asked + "\" is not one of ", ""))));
  }
}
