package io.margay.flows.query;

import io.margay.flows.FlowCounters;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.query.PolicyStatistic.Point;
import io.margay.flows.query.PolicyStatistic.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Adds up flows to an answer about policies. A flow counts once for each policy and action, or each
 * rule, that its enforced or pending trace names, however often the traces name it.
 */
public final class StatisticsAnswer {
  private final StatisticsQuery query;
  private final Map<TraceEnd, List<Line>> lines = new HashMap<>();
  private final TreeMap<Subject.Told, Map<Long, Sums>> sums = new TreeMap<>(Subject.Told.ORDER);

  public StatisticsAnswer(StatisticsQuery query) {
    this.query = query;
  }

  private record TraceEnd(PolicyTrace trace, Reporter reporter) {}

  /** For whom a trace counts, and as what. */
  private record Subject(Told told, RuleAction action) {

    /** For whom an answer has a line. */
    private record Told(PolicyName policy, @Nullable Rule rule) {
      private static final Comparator<Told> ORDER =
          Comparator.comparing(Told::policy)
              .thenComparing(Told::rule, Comparator.nullsFirst(Comparator.<Rule>naturalOrder()));
    }
  }

  /** Where a trace counts: the steps of a line of the answer, and the place in them. */
  private record Line(Map<Long, Sums> steps, int place) {}

  private static final class Sums {
    private long at = Long.MAX_VALUE;
    private final long[] in = new long[3];
    private final long[] out = new long[3];

    private Point point() {
      return new Point(Instant.ofEpochSecond(at), in[0], out[0], in[1], out[1], in[2], out[2]);
    }
  }

  /**
   * Adds what flows of one trace did.
   *
   * @param second when, in epoch seconds; for totals the earliest of what is added up
   */
  public void add(PolicyTrace trace, Reporter reporter, long second, FlowCounters counters) {
    long in =
        switch (query.type()) {
          case PACKETS -> counters.packetsIn();
          case BYTES -> counters.bytesIn();
          case LIVE_CONNECTIONS -> reporter == Reporter.DESTINATION ? counters.live() : 0;
        };
    long out =
        switch (query.type()) {
          case PACKETS -> counters.packetsOut();
          case BYTES -> counters.bytesOut();
          case LIVE_CONNECTIONS -> reporter == Reporter.SOURCE ? counters.live() : 0;
        };
    long step = query.stepOf(second);
    for (Line line : lines.computeIfAbsent(new TraceEnd(trace, reporter), this::lines)) {
      Sums sum = line.steps().computeIfAbsent(step, s -> new Sums());
      sum.at = query.isSeries() ? step : Math.min(sum.at, second);
      sum.in[line.place()] += in;
      sum.out[line.place()] += out;
    }
  }

  private List<Line> lines(TraceEnd end) {
    return subjects(end).stream()
        .map(subject ->
            new Line(
                sums.computeIfAbsent(subject.told(), told -> new HashMap<>()),
                place(subject.action())))
        .toList();
  }

  /** Log rules decide nothing and are in no trace of enforced or pending hits. */
  private static int place(RuleAction action) {
    return switch (action) {
      case ALLOW -> 0;
      case DENY -> 1;
      case PASS, LOG -> 2;
    };
  }

  private List<Subject> subjects(TraceEnd end) {
    Direction direction = end.reporter().direction();
    return Stream.concat(end.trace().enforced().stream(), end.trace().pending().stream())
        .filter(hit -> query.match() == null || query.match().matches(hit))
        .map(hit -> subject(hit, direction))
        .distinct()
        .toList();
  }

  private Subject subject(PolicyHit hit, Direction direction) {
    Rule rule =
        switch (query.group()) {
          case POLICY -> null;
          case POLICY_RULE -> new Rule(direction, hit.ruleIndex(), hit.action());
        };
    return new Subject(new Subject.Told(PolicyName.of(hit), rule), hit.action());
  }

  public List<PolicyStatistic> result() {
    List<PolicyStatistic> result = new ArrayList<>();
    sums.forEach((told, steps) ->
        result.add(
            new PolicyStatistic(
                told.policy(),
                told.rule(),
                new TreeMap<>(steps).values().stream().map(Sums::point).toList())));
    return List.copyOf(result);
  }
}
