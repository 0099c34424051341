package io.margay.cedar.partial;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Decision.Verdict;
import io.margay.cedar.eval.EvaluationException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Decides as far as a request is known. */
public final class PartialEvaluator {
  private PartialEvaluator() {}

  /**
   * Evaluates all policies as far as possible.
   *
   * @param entities all that the policies may look at, as for a whole request
   */
  public static PartialDecision evaluate(
      PolicySet policies, PartialRequest request, Entities entities) {
    PolicyReducer reducer = new PolicyReducer(request, entities);
    List<String> satisfied = new ArrayList<>();
    List<String> inError = new ArrayList<>();
    Set<Effect> certain = EnumSet.noneOf(Effect.class);
    Set<Effect> possible = EnumSet.noneOf(Effect.class);
    PolicySet.Builder residual = PolicySet.EMPTY.toBuilder();
    for (Policy policy : policies.policies().values()) {
      try {
        Policy left = reducer.reduce(policy);
        if (left == null) {
          continue;
        }
        residual.add(left);
        if (isSatisfied(left.template())) {
          satisfied.add(policy.id());
          certain.add(policy.effect());
        } else {
          possible.add(policy.effect());
        }
      } catch (EvaluationException e) {
        inError.add(policy.id());
        residual.add(filled(policy));
      }
    }
    return new PartialDecision(verdict(certain, possible), satisfied, inError, residual.build());
  }

  private static boolean isSatisfied(Template template) {
    return template.principal() instanceof ScopeConstraint.Any
        && template.action() instanceof ActionConstraint.Any
        && template.resource() instanceof ScopeConstraint.Any
        && template.conditions().isEmpty();
  }

  /** A link as a policy of its own. */
  private static Policy filled(Policy policy) {
    Template template = policy.template();
    return Policy.of(
        new Template(
            policy.id(),
            template.annotations(),
            template.effect(),
            policy.principal(),
            policy.action(),
            policy.resource(),
            template.conditions(),
            template.span()));
  }

  private static Optional<Verdict> verdict(Set<Effect> certain, Set<Effect> possible) {
    if (certain.contains(Effect.FORBID)) {
      return Optional.of(Verdict.DENY);
    }
    if (!certain.contains(Effect.PERMIT) && !possible.contains(Effect.PERMIT)) {
      return Optional.of(Verdict.DENY);
    }
    if (certain.contains(Effect.PERMIT) && !possible.contains(Effect.FORBID)) {
      return Optional.of(Verdict.ALLOW);
    }
    return Optional.empty();
  }
}
