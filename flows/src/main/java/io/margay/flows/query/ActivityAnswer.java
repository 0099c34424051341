package io.margay.flows.query;

import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.query.PolicyActivity.RuleUse;
import io.margay.flows.query.PolicyStatistic.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.Direction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Adds up flows to what each policy did. A flow counts once for each policy and action. */
public final class ActivityAnswer {
  private final Map<TraceEnd, Seen> seen = new HashMap<>();

  private record TraceEnd(PolicyTrace trace, Reporter reporter) {}

  /** How much was seen of a trace, and until when. */
  private record Seen(long connections, Instant end) {
    Seen plus(Seen other) {
      return new Seen(connections + other.connections, end.isAfter(other.end) ? end : other.end);
    }
  }

  /**
   * Adds what flows of one trace did.
   *
   * @param end of the last bucket with such a flow
   */
  public void add(PolicyTrace trace, Reporter reporter, long connections, Instant end) {
    seen.merge(new TraceEnd(trace, reporter), new Seen(connections, end), Seen::plus);
  }

  public List<PolicyActivity> result() {
    TreeMap<PolicyName, PolicyActivity> activities = new TreeMap<>();
    seen.forEach((end, told) ->
        rules(end)
            .forEach((policy, rules) ->
                activities.merge(policy, activity(policy, rules, told), PolicyActivity::plus)));
    return new ArrayList<>(activities.values());
  }

  /** What a trace says of each policy. */
  private static Map<PolicyName, TreeSet<Rule>> rules(TraceEnd end) {
    Direction direction = end.reporter().direction();
    PolicyTrace trace = end.trace();
    Map<PolicyName, TreeSet<Rule>> rules = new HashMap<>();
    Stream.of(trace.enforced(), trace.pending(), trace.logs())
        .flatMap(List::stream)
        .forEach((PolicyHit hit) ->
            rules
                .computeIfAbsent(PolicyName.of(hit), name -> new TreeSet<>())
                .add(new Rule(direction, hit.ruleIndex(), hit.action())));
    return rules;
  }

  private static PolicyActivity activity(PolicyName policy, TreeSet<Rule> rules, Seen seen) {
    EnumSet<RuleAction> actions = EnumSet.noneOf(RuleAction.class);
    rules.forEach(rule -> actions.add(rule.action()));
    return new PolicyActivity(
        policy,
        actions.contains(RuleAction.ALLOW) ? seen.connections() : 0,
        actions.contains(RuleAction.DENY) ? seen.connections() : 0,
        actions.contains(RuleAction.PASS) ? seen.connections() : 0,
        seen.end(),
        rules.stream().map(rule -> new RuleUse(rule, seen.connections(), seen.end())).toList());
  }
}
