package io.margay.agents.decide;

import io.margay.agents.call.Ruling;
import io.margay.agents.call.Ruling.Hold;
import io.margay.agents.call.Verdict;
import io.margay.agents.registry.CallRequest;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.eval.PolicyError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The policies of one tier that decide together.
 *
 * @param holds of those that hold calls, by policy id
 * @param closed why the tier denies everything that comes to it; empty for a tier that works
 */
record TierPolicies(
    String tier, Authorizer authorizer, Map<String, Hold> holds, Optional<String> closed) {

  /** What a tier says, and what Cedar said to it. */
  record Answer(Optional<Ruling> ruling, List<PolicyError> errors, Decision decision) {}

  /** Decides by Cedar's rules; nothing when no policy of the tier is satisfied. */
  Answer decide(CallRequest call, boolean noteReads) {
    Decision decision = authorizer.decide(call.request(), call.entities(), noteReads);
    return new Answer(ruling(decision), decision.errors(), decision);
  }

  private Optional<Ruling> ruling(Decision decision) {
    List<String> names = names(decision.reasons());
    if (!decision.isAllowed() && !names.isEmpty()) {
      return Optional.of(denied(names, "forbidden by " + list(names) + " in tier " + tier));
    }
    if (closed.isPresent()) {
      return Optional.of(denied(List.of(), closed.get()));
    }
    if (!decision.errors().isEmpty()) {
      return Optional.of(inError(decision.errors()));
    }
    return decision.isAllowed() ? Optional.of(permitted(decision.reasons())) : Optional.empty();
  }

  private Ruling inError(List<PolicyError> errors) {
    List<String> names = names(errors.stream().map(PolicyError::policyId).toList());
    return denied(
        names,
        list(names)
            + " in tier "
            + tier
            + " could not be evaluated: "
            + errors.getFirst().message());
  }

  /** A permit that holds is not made void by another that does not. */
  private Ruling permitted(List<String> ids) {
    List<String> holding = ids.stream().filter(holds::containsKey).toList();
    if (holding.isEmpty()) {
      List<String> names = names(ids);
      return new Ruling(
          Verdict.PERMIT,
          tier,
          names,
          "permitted by " + list(names) + " in tier " + tier,
          Optional.empty());
    }
    List<String> names = names(holding);
    List<Hold> asked = new ArrayList<>();
    holding.forEach(id -> asked.add(holds.get(id)));
    return HoldAnnotation.strictest(asked)
        .map(hold ->
            new Ruling(
                Verdict.HOLD,
                tier,
                names,
                "held for approval by " + list(names) + " in tier " + tier,
                Optional.of(hold)))
        .orElseGet(() ->
            denied(
                names, list(names) + " in tier " + tier + " ask for approvers of no common group"));
  }

  private Ruling denied(List<String> names, String reason) {
    return new Ruling(Verdict.DENY, tier, names, reason, Optional.empty());
  }

  private static List<String> names(Collection<String> ids) {
    return List.copyOf(new TreeSet<>(ids.stream().map(CompiledPolicy::nameOf).toList()));
  }

  private static String list(List<String> names) {
    return (names.size() == 1 ? "policy " : "policies ") + String.join(", ", names);
  }
}
