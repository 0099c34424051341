package io.margay.console.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.http.Exchange;
import io.margay.console.http.HttpFailure;
import io.margay.console.http.Route;
import io.margay.flows.FlowPeer;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.FlowGraph.Edge;
import io.margay.flows.query.FlowGraph.Node;
import io.margay.flows.query.FlowGraph.NodeKind;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.GraphLevel;
import io.margay.flows.query.PolicyMatch;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.PolicyStatistic.Point;
import io.margay.flows.query.StatisticType;
import io.margay.flows.query.StatisticsGroup;
import io.margay.flows.query.StatisticsQuery;
import io.margay.flows.query.TimeRange;
import io.margay.model.verdict.Direction;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToLongFunction;

/** Sums of flows: statistics, the density of a time strip, graphs. */
public final class AnalysisEndpoints {
  private static final int MOST_STEPS = 2_000;
  private static final Duration BUCKET = Duration.ofSeconds(15);

  private final FlowReader reader;
  private final InstantSource clock;

  public AnalysisEndpoints(FlowReader reader, InstantSource clock) {
    this.reader = reader;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(
        Route.get("/api/v1/flows/statistics", this::statistics),
        Route.get("/api/v1/flows/density", this::density),
        Route.get("/api/v1/flows/graph", this::graph));
  }

  private FlowReader reader(Exchange exchange) {
    return VisibleFlows.of(reader, exchange.caller().permissions());
  }

  private void statistics(Exchange exchange) throws IOException {
    boolean series = exchange.query("timeSeries").filter("true"::equals).isPresent();
    StatisticsQuery query =
        new StatisticsQuery(
            FlowParameters.range(exchange, clock.instant()),
            FlowParameters.oneOf(
                exchange, "type", List.of(StatisticType.values()), AnalysisEndpoints::name),
            FlowParameters.oneOf(
                exchange, "groupBy", List.of(StatisticsGroup.values()), AnalysisEndpoints::name),
            match(exchange),
            series ? step(exchange) : Duration.ZERO);
    List<PolicyStatistic> found = reader(exchange).statistics(query);
    exchange.json(json -> {
      json.writeStartObject();
      json.writeArrayFieldStart("items");
      for (PolicyStatistic statistic : found) {
        write(statistic, series, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static Duration step(Exchange exchange) {
    int seconds = exchange.queryNumber("step", 15, 15, 86_400);
    if (seconds % BUCKET.toSeconds() != 0) {
      throw HttpFailure.badRequest("step " + seconds + " is not a multiple of 15 seconds");
    }
    return Duration.ofSeconds(seconds);
  }

  private static PolicyMatch match(Exchange exchange) {
    return new PolicyMatch(
        exchange.query("kind").orElse(null),
        exchange.query("tier").orElse(null),
        exchange.query("namespace").map(name -> name.equals("-") ? "" : name).orElse(null),
        exchange.query("name").orElse(null),
        null);
  }

  private static String name(StatisticType type) {
    return switch (type) {
      case PACKETS -> "PacketCount";
      case BYTES -> "ByteCount";
      case LIVE_CONNECTIONS -> "LiveConnectionCount";
    };
  }

  private static String name(StatisticsGroup group) {
    return switch (group) {
      case POLICY -> "Policy";
      case POLICY_RULE -> "PolicyRule";
    };
  }

  private static void write(PolicyStatistic statistic, boolean series, JsonGenerator json)
      throws IOException {
    PolicyStatistic.Rule rule = statistic.rule();
    json.writeStartObject();
    json.writeObjectFieldStart("policy");
    json.writeStringField("kind", statistic.policy().kind());
    json.writeStringField("tier", statistic.policy().tier());
    json.writeStringField("namespace", statistic.policy().namespace());
    json.writeStringField("name", statistic.policy().name());
    json.writeEndObject();
    json.writeStringField("direction", rule == null ? "Any" : name(rule.direction()));
    if (rule == null) {
      json.writeNullField("rule_index");
      json.writeNullField("action");
    } else {
      json.writeNumberField("rule_index", rule.index());
      json.writeStringField("action", rule.action().toString());
    }
    writeSeries("allowed_in", statistic, Point::allowedIn, json);
    writeSeries("allowed_out", statistic, Point::allowedOut, json);
    writeSeries("denied_in", statistic, Point::deniedIn, json);
    writeSeries("denied_out", statistic, Point::deniedOut, json);
    writeSeries("passed_in", statistic, Point::passedIn, json);
    writeSeries("passed_out", statistic, Point::passedOut, json);
    json.writeArrayFieldStart("x");
    if (series) {
      for (Point point : statistic.points()) {
        json.writeNumber(point.at().getEpochSecond());
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static String name(Direction direction) {
    return switch (direction) {
      case INGRESS -> "Ingress";
      case EGRESS -> "Egress";
    };
  }

  private static void writeSeries(
      String field, PolicyStatistic statistic, ToLongFunction<Point> value, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Point point : statistic.points()) {
      json.writeNumber(value.applyAsLong(point));
    }
    json.writeEndArray();
  }

  private void density(Exchange exchange) throws IOException {
    int most = exchange.queryNumber("steps", 120, 1, MOST_STEPS);
    TimeRange range = FlowParameters.range(exchange, clock.instant());
    List<DensityStep> steps =
        reader(exchange).density(range, FlowParameters.filter(exchange), most);
    exchange.json(json -> {
      json.writeStartObject();
      json.writeStringField(
          "start_time", steps.isEmpty() ? null : steps.getFirst().start().toString());
      json.writeStringField("end_time", steps.isEmpty() ? null : steps.getLast().end().toString());
      json.writeNumberField("step_seconds", steps.isEmpty() ? 0 : seconds(steps.getFirst()));
      json.writeArrayFieldStart("steps");
      for (DensityStep step : steps) {
        json.writeStartObject();
        json.writeStringField("start_time", step.start().toString());
        FlowJson.writeVolume("allowed", step.allowed(), json);
        FlowJson.writeVolume("denied", step.denied(), json);
        FlowJson.writeVolume("pending_differs", step.pendingDiffers(), json);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  private static long seconds(DensityStep step) {
    return Duration.between(step.start(), step.end()).toSeconds();
  }

  private void graph(Exchange exchange) throws IOException {
    GraphLevel level =
        FlowParameters.oneOf(
            exchange,
            "level",
            List.of(GraphLevel.values()),
            value -> value.name().toLowerCase(Locale.ROOT));
    Set<String> expand = Set.of(exchange.query("expand").orElse("").split(","));
    TimeRange range = FlowParameters.range(exchange, clock.instant());
    FlowFilter filter = FlowParameters.filter(exchange);
    boolean some = level == GraphLevel.NAMESPACE && exchange.query("expand").isPresent();
    FlowGraph graph =
        some
            ? Graphs.map(
                reader(exchange).graph(range, filter, GraphLevel.WORKLOAD),
                node -> collapsed(node, expand))
            : reader(exchange).graph(range, filter, level);
    exchange.json(json -> write(graph, level, json));
  }

  /** A workload stays one if its namespace is expanded, and stands for its namespace otherwise. */
  private static Node collapsed(Node node, Set<String> expand) {
    return node.kind() == NodeKind.WORKLOAD && !expand.contains(node.namespace())
        ? new Node(NodeKind.NAMESPACE, FlowPeer.NO_NAMESPACE, node.namespace())
        : node;
  }

  private static void write(FlowGraph graph, GraphLevel level, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("level", level.name().toLowerCase(Locale.ROOT));
    json.writeArrayFieldStart("nodes");
    for (Node node : graph.nodes()) {
      json.writeStartObject();
      json.writeStringField("id", id(node));
      json.writeStringField("kind", node.kind().name().toLowerCase(Locale.ROOT));
      json.writeStringField(
          "namespace", node.namespace().equals(FlowPeer.NO_NAMESPACE) ? "" : node.namespace());
      json.writeStringField("name", FlowJson.displayName(node.name()));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("edges");
    for (Edge edge : graph.edges()) {
      json.writeStartObject();
      json.writeStringField("source", id(edge.from()));
      json.writeStringField("dest", id(edge.to()));
      FlowJson.writeVolume("allowed", edge.allowed(), json);
      FlowJson.writeVolume("denied", edge.denied(), json);
      FlowJson.writeVolume("pending_differs", edge.pendingDiffers(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static String id(Node node) {
    return node.kind().name().toLowerCase(Locale.ROOT) + "/" + node.namespace() + "/" + node.name();
  }
}
