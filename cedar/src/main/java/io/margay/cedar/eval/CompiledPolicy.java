package io.margay.cedar.eval;

import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.Span;
import io.margay.cedar.value.EntityUid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy ready to be evaluated. */
final class CompiledPolicy {
  private final Policy policy;
  private final ScopeTest scope;
  private final BoolNode[] conditions;
  private final boolean forbid;
  private final List<String> asReason;

  /**
   * @param conditions all have to hold, those of {@code unless} turned around
   */
  CompiledPolicy(Policy policy, ScopeTest scope, List<BoolNode> conditions) {
    this.policy = policy;
    this.scope = scope;
    this.conditions = conditions.toArray(BoolNode[]::new);
    this.forbid = policy.effect() == Effect.FORBID;
    this.asReason = List.of(policy.id());
  }

  String id() {
    return policy.id();
  }

  Policy policy() {
    return policy;
  }

  Span span() {
    return policy.template().span();
  }

  boolean isForbid() {
    return forbid;
  }

  /** The policy's id alone, made once. */
  List<String> asReason() {
    return asReason;
  }

  /** The actions that the scope names; null when it takes any. No action twice. */
  @Nullable List<EntityUid> actions() {
    return scope.actions();
  }

  /** Whether this is the first of the named actions that the request's action is, or is in. */
  boolean isFoundBy(EntityUid action, Frame frame) {
    List<EntityUid> actions = scope.actions();
    if (actions == null || actions.size() == 1) {
      return true;
    }
    for (EntityUid one : actions) {
      if (Operations.in(frame.action, frame.actionEntity, one)) {
        return one.equals(action);
      }
    }
    return false;
  }

  /**
   * Whether the policy is satisfied.
   *
   * @throws EvaluationException when that cannot be told
   */
  boolean applies(Frame frame) {
    if (!scope.test(frame)) {
      return false;
    }
    for (BoolNode condition : conditions) {
      if (!condition.test(frame)) {
        return false;
      }
    }
    return true;
  }
}
