package io.margay.console.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowJson.Dialect;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.CursorPage;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.HintType;
import io.margay.flows.query.Page;
import io.margay.flows.query.TimeRange;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.LiveStreams;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists, hints and streams of flows. */
public final class FlowEndpoints {
  private final FlowReader reader;
  private final InstantSource clock;
  private final FlowStreams streams;

  /**
   * @param live flows as they change
   * @param closed flows when their bucket has closed
   */
  public FlowEndpoints(
      LiveStreams live, ClosedStreams closed, FlowReader reader, InstantSource clock) {
    this.reader = reader;
    this.clock = clock;
    this.streams = new FlowStreams(live, closed);
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/flows", this::list),
        Route.get("/api/v1/flows/stream", this::stream),
        Route.get("/api/v1/flows/hints", exchange -> hints(exchange, range(exchange))),
        Route.get("/api/v1/flows/{id}", this::one),
        Route.get("/flows", this::whiskerFlows),
        // Whisker's page offers what was ever seen, whatever time it shows.
        Route.get("/flows-filter-hints", exchange -> hints(exchange, TimeRange.ALWAYS)));
  }

  /** Whisker's one path for lists and streams. */
  private void whiskerFlows(Exchange exchange) throws IOException {
    if (exchange.query("watch").filter("true"::equals).isPresent()) {
      streams.closedBuckets(exchange, FlowParameters.filter(exchange), past(exchange));
    } else {
      Page<Flow> page = page(exchange);
      exchange.json(json -> {
        json.writeStartObject();
        writeTotal(page, json);
        FlowJson.writeFlows("items", page.items(), Dialect.WHISKER, json);
        json.writeEndObject();
      });
    }
  }

  private void list(Exchange exchange) throws IOException {
    if (FlowParameters.byCursor(exchange)) {
      records(exchange);
      return;
    }
    Page<Flow> page = page(exchange);
    exchange.json(json -> {
      json.writeStartObject();
      writeTotal(page, json);
      FlowJson.writeFlows("items", page.items(), Dialect.OURS, json);
      json.writeNullField("next");
      json.writeEndObject();
    });
  }

  private void records(Exchange exchange) throws IOException {
    CursorPage<Flow> page =
        reader(exchange)
            .records(
                range(exchange),
                FlowParameters.filter(exchange),
                FlowParameters.cursor(exchange),
                FlowParameters.limit(exchange));
    exchange.json(json -> {
      json.writeStartObject();
      json.writeNullField("total");
      FlowJson.writeFlows("items", page.items(), Dialect.OURS, json);
      json.writeStringField("next", page.next() == null ? null : page.next().text());
      json.writeEndObject();
    });
  }

  private Page<Flow> page(Exchange exchange) {
    return reader(exchange)
        .list(
            range(exchange),
            FlowParameters.filter(exchange),
            FlowParameters.order(exchange),
            FlowParameters.page(exchange));
  }

  private void one(Exchange exchange) throws IOException {
    String id = exchange.path("id");
    Flow flow =
        FlowId.parse(id)
            .flatMap(known -> known.find(reader(exchange)))
            .orElseThrow(() -> FlowId.notFound(id));
    exchange.json(json -> FlowJson.write(flow, Dialect.OURS, json));
  }

  /** Flows as they change. */
  private void stream(Exchange exchange) throws IOException {
    streams.live(exchange, FlowParameters.filter(exchange), past(exchange));
  }

  private void hints(Exchange exchange, TimeRange range) throws IOException {
    HintType type =
        FlowParameters.named(
            "type",
            exchange.query("type").orElse(""),
            List.of(HintType.values()),
            HintType::goldmaneName);
    Page<String> page =
        reader(exchange)
            .hints(type, range, FlowParameters.filter(exchange), FlowParameters.page(exchange));
    exchange.json(json -> {
      json.writeStartObject();
      writeTotal(page, json);
      json.writeArrayFieldStart("items");
      for (String value : page.items()) {
        json.writeStartObject();
        json.writeStringField("value", shown(type, value));
        json.writeEndObject();
      }
      json.writeEndArray();
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

  private static void writeTotal(Page<?> page, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("total");
    json.writeNumberField("totalPages", page.totalPages());
    json.writeNumberField("totalResults", page.totalResults());
    json.writeEndObject();
  }

  private FlowReader reader(Exchange exchange) {
    return VisibleFlows.of(reader, exchange.caller().permissions());
  }

  private TimeRange range(Exchange exchange) {
    return FlowParameters.range(exchange, clock.instant());
  }

  /**
   * How far back a stream begins. One without a start begins now, while a list without one begins
   * with the oldest; none has an end, as Goldmane's request has no field for it.
   */
  private @Nullable Instant past(Exchange exchange) {
    if (exchange.queryNumber("startTimeLt", 0) != 0) {
      throw HttpFailure.badRequest(
          "startTimeLt does not go with a stream, which has no end: leave it out, or ask for the"
              + " list");
    }
    if (exchange.queryNumber("startTimeGte", 0) == 0) {
      return null;
    }
    Instant from = range(exchange).from();
    if (!from.isBefore(clock.instant())) {
      throw HttpFailure.badRequest("startTimeGte is in the future: write a time in the past");
    }
    return from;
  }
}
