package io.margay.agents.decide;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Target;
import io.margay.agents.registry.CallRequest;
import io.margay.agents.registry.RefusedCallException;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.agents.registry.SessionFacts;
import io.margay.cedar.Request;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialDecision;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.value.RecordValue;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says which targets may be called, by evaluating the policies without the arguments, which nobody
 * knows yet. First without the target as well, so that what is left for each is little.
 */
record VisibleTargets(RegistrySnapshot registry, List<TierPolicies> tiers, String environment) {
  private static final List<String> UNKNOWN = List.of("arguments", "arguments_json");

  List<Target> of(AgentCall call, SessionFacts facts, List<Target> targets) {
    List<PolicySet> left = null;
    List<Target> visible = new ArrayList<>();
    for (Target target : targets) {
      Optional<CallRequest> request = request(call, facts, target);
      if (request.isEmpty()) {
        continue;
      }
      Request known = request.get().request();
      Entities entities = request.get().entities();
      if (left == null) {
        left = withoutTarget(known, entities);
      }
      if (isVisible(left, known, entities)) {
        visible.add(target);
      }
    }
    return List.copyOf(visible);
  }

  /** Empty where the call is refused whatever its arguments are. */
  private Optional<CallRequest> request(AgentCall call, SessionFacts facts, Target target) {
    try {
      return Optional.of(CallRequest.withoutArguments(registry, call, target, facts, environment));
    } catch (RefusedCallException e) {
      return Optional.empty();
    }
  }

  private List<PolicySet> withoutTarget(Request request, Entities entities) {
    List<PolicySet> left = new ArrayList<>();
    for (TierPolicies tier : tiers) {
      left.add(
          evaluate(tier.authorizer().policies(), request, EntityPart.Unknown.UNKNOWN, entities)
              .residual());
    }
    return left;
  }

  private boolean isVisible(List<PolicySet> left, Request request, Entities entities) {
    for (int i = 0; i < left.size(); i++) {
      PartialDecision decision =
          evaluate(left.get(i), request, EntityPart.known(request.resource()), entities);
      boolean forbidden =
          decision.satisfied().stream()
              .map(left.get(i)::policy)
              .anyMatch(policy -> policy != null && policy.effect() == Effect.FORBID);
      if (forbidden || !decision.inError().isEmpty() || tiers.get(i).closed().isPresent()) {
        return false;
      }
      boolean permits =
          decision.residual().policies().values().stream()
              .map(Policy::effect)
              .anyMatch(effect -> effect == Effect.PERMIT);
      if (permits) {
        return !decision.verdict().equals(Optional.of(Decision.Verdict.DENY));
      }
    }
    return false;
  }

  private static PartialDecision evaluate(
      PolicySet policies, Request request, EntityPart resource, Entities entities) {
    Map<String, Value> context = new HashMap<>(request.context().attributes());
    UNKNOWN.forEach(context::remove);
    return PartialEvaluator.evaluate(
        policies,
        new PartialRequest(
            EntityPart.known(request.principal()),
            EntityPart.known(request.action()),
            resource,
            RecordValue.of(context),
            false),
        entities);
  }
}
