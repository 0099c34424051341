package io.margay.flows.shard;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.query.DensityStep;
import io.margay.flows.query.FlowGraph;
import io.margay.flows.query.PolicyActivity;
import io.margay.flows.query.PolicyName;
import io.margay.flows.query.PolicyStatistic;
import io.margay.flows.query.PolicyStatistic.Point;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Joins the answers of several processes. */
final class ShardMerge {
  private static final Comparator<PolicyStatistic> BY_POLICY_AND_RULE =
      Comparator.comparing(PolicyStatistic::policy)
          .thenComparing(
              PolicyStatistic::rule,
              Comparator.nullsFirst(Comparator.<PolicyStatistic.Rule>naturalOrder()));

  private ShardMerge() {}

  /**
   * The number of a key: the same whoever counts, so that ids and cursors fit all shards. It has 53
   * bits, as many as a number in JSON can have for a browser.
   */
  static long number(FlowKey key) {
    return ShardList.StableHash.of(key.toString()) >>> 10;
  }

  static Flow numbered(Flow flow) {
    return new Flow(
        number(flow.key()),
        flow.key(),
        flow.start(),
        flow.end(),
        flow.bucket(),
        flow.sourceLabels(),
        flow.destLabels(),
        flow.counters(),
        flow.version());
  }

  /** One flow for each key: its parts of several shards summed up. */
  static List<Flow> sums(List<List<Flow>> answers) {
    Map<FlowKey, Flow> byKey = new LinkedHashMap<>();
    answers.forEach(flows -> flows.forEach(f -> byKey.merge(f.key(), f, ShardMerge::join)));
    return List.copyOf(byKey.values());
  }

  private record Place(Instant bucket, FlowKey key) {}

  /** One flow for each key and bucket. */
  static List<Flow> records(List<List<Flow>> answers) {
    Map<Place, Flow> byPlace = new LinkedHashMap<>();
    answers.forEach(flows ->
        flows.forEach(f -> byPlace.merge(new Place(f.bucket(), f.key()), f, ShardMerge::join)));
    return List.copyOf(byPlace.values());
  }

  /** Different nodes' traffic at the same time: open connections add up too. */
  static Flow join(Flow one, Flow other) {
    return new Flow(
        one.keyNumber(),
        one.key(),
        earlier(one.start(), other.start()),
        later(one.end(), other.end()),
        later(one.bucket(), other.bucket()),
        Flow.commonLabels(one.sourceLabels(), other.sourceLabels()),
        Flow.commonLabels(one.destLabels(), other.destLabels()),
        one.counters()
            .plusLater(other.counters())
            .withLive(one.counters().live() + other.counters().live()),
        0);
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  static List<String> hints(List<List<String>> answers) {
    return answers.stream()
        .flatMap(List::stream)
        .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
  }

  private record Subject(PolicyName policy, PolicyStatistic.@Nullable Rule rule) {}

  /**
   * @param series whether points of the same time belong together, or all of them
   */
  static List<PolicyStatistic> statistics(List<List<PolicyStatistic>> answers, boolean series) {
    Map<Subject, List<Point>> points = new LinkedHashMap<>();
    for (List<PolicyStatistic> answer : answers) {
      for (PolicyStatistic statistic : answer) {
        points
            .computeIfAbsent(
                new Subject(statistic.policy(), statistic.rule()), _ -> new ArrayList<>())
            .addAll(statistic.points());
      }
    }
    List<PolicyStatistic> merged = new ArrayList<>();
    points.forEach((subject, all) ->
        merged.add(
            new PolicyStatistic(
                subject.policy(), subject.rule(), series ? byTime(all) : List.of(total(all)))));
    merged.sort(BY_POLICY_AND_RULE);
    return merged;
  }

  private static List<Point> byTime(List<Point> points) {
    TreeMap<Instant, Point> byTime = new TreeMap<>();
    points.forEach(point -> byTime.merge(point.at(), point, ShardMerge::plus));
    return List.copyOf(byTime.values());
  }

  private static Point total(List<Point> points) {
    return points.stream().reduce(ShardMerge::plus).orElseThrow();
  }

  private static Point plus(Point one, Point other) {
    return new Point(
        earlier(one.at(), other.at()),
        one.allowedIn() + other.allowedIn(),
        one.allowedOut() + other.allowedOut(),
        one.deniedIn() + other.deniedIn(),
        one.deniedOut() + other.deniedOut(),
        one.passedIn() + other.passedIn(),
        one.passedOut() + other.passedOut());
  }

  /** All answers have the same steps. */
  static List<DensityStep> density(List<List<DensityStep>> answers) {
    TreeMap<Instant, DensityStep> byTime = new TreeMap<>();
    answers.forEach(steps ->
        steps.forEach(step ->
            byTime.merge(
                step.start(),
                step,
                (one, other) ->
                    new DensityStep(
                        one.start(),
                        one.end(),
                        one.allowed().plus(other.allowed()),
                        one.denied().plus(other.denied()),
                        one.pendingDiffers().plus(other.pendingDiffers())))));
    return List.copyOf(byTime.values());
  }

  private record Ends(FlowGraph.Node from, FlowGraph.Node to) {}

  static FlowGraph graph(List<FlowGraph> answers) {
    TreeSet<FlowGraph.Node> nodes = new TreeSet<>();
    Map<Ends, FlowGraph.Edge> edges = new LinkedHashMap<>();
    for (FlowGraph answer : answers) {
      nodes.addAll(answer.nodes());
      answer
          .edges()
          .forEach(edge -> edges.merge(new Ends(edge.from(), edge.to()), edge, ShardMerge::join));
    }
    List<FlowGraph.Edge> sorted = new ArrayList<>(edges.values());
    sorted.sort(Comparator.comparing(FlowGraph.Edge::from).thenComparing(FlowGraph.Edge::to));
    return new FlowGraph(List.copyOf(nodes), sorted);
  }

  private static FlowGraph.Edge join(FlowGraph.Edge one, FlowGraph.Edge other) {
    return new FlowGraph.Edge(
        one.from(),
        one.to(),
        one.allowed().plus(other.allowed()),
        one.denied().plus(other.denied()),
        one.pendingDiffers().plus(other.pendingDiffers()));
  }

  static List<PolicyActivity> activity(List<List<PolicyActivity>> answers) {
    TreeMap<PolicyName, PolicyActivity> byPolicy = new TreeMap<>();
    answers.forEach(activities ->
        activities.forEach(
            activity -> byPolicy.merge(activity.policy(), activity, PolicyActivity::plus)));
    return List.copyOf(byPolicy.values());
  }
}
