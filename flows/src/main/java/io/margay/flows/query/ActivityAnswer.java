package io.margay.flows.query;

import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Adds up flows to what each policy did. A flow counts once for each policy and action. */
public final class ActivityAnswer {
  private final Map<PolicyTrace, List<Use>> uses = new HashMap<>();
  private final TreeMap<PolicyName, PolicyActivity> activities = new TreeMap<>();

  private record Use(PolicyName policy, RuleAction action) {}

  /**
   * Adds what flows of one trace did.
   *
   * @param end of the last bucket with such a flow
   */
  public void add(PolicyTrace trace, long connections, Instant end) {
    for (Use use : uses.computeIfAbsent(trace, ActivityAnswer::uses)) {
      PolicyActivity more =
          switch (use.action()) {
            case ALLOW -> new PolicyActivity(use.policy(), connections, 0, 0, end);
            case DENY -> new PolicyActivity(use.policy(), 0, connections, 0, end);
            case PASS, LOG -> new PolicyActivity(use.policy(), 0, 0, connections, end);
          };
      activities.merge(use.policy(), more, ActivityAnswer::plus);
    }
  }

  private static List<Use> uses(PolicyTrace trace) {
    return Stream.concat(trace.enforced().stream(), trace.pending().stream())
        .map((PolicyHit hit) -> new Use(PolicyName.of(hit), hit.action()))
        .distinct()
        .toList();
  }

  private static PolicyActivity plus(PolicyActivity one, PolicyActivity other) {
    return new PolicyActivity(
        one.policy(),
        one.allowed() + other.allowed(),
        one.denied() + other.denied(),
        one.passed() + other.passed(),
        one.lastUsed().isAfter(other.lastUsed()) ? one.lastUsed() : other.lastUsed());
  }

  public List<PolicyActivity> result() {
    return new ArrayList<>(activities.values());
  }
}
