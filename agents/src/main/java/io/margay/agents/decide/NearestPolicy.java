package io.margay.agents.decide;

import io.margay.agents.registry.CallRequest;
import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityUid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the permit that came closest to a call that nothing permits, for the reason of the no. */
final class NearestPolicy {
  /** A denial must not cost more than a permit because there are many policies. */
  private static final int LOOKED_AT = 200;

  private final CallRequest call;
  private @Nullable String name;
  private String missing = "";
  private int best;

  private NearestPolicy(CallRequest call) {
    this.call = call;
  }

  /** {@code ; closest is read-only, whose conditions do not hold}; empty when nothing is close. */
  static String hint(List<TierPolicies> tiers, CallRequest call) {
    NearestPolicy nearest = new NearestPolicy(call);
    int looked = 0;
    for (TierPolicies tier : tiers) {
      for (Policy policy : tier.authorizer().policies().policies().values()) {
        if (looked++ == LOOKED_AT) {
          return nearest.hint();
        }
        if (policy.effect() == Effect.PERMIT) {
          nearest.look(policy);
        }
      }
    }
    return nearest.hint();
  }

  private String hint() {
    return name == null ? "" : "; closest is " + name + ", " + missing;
  }

  /** Only permits for this action count as close. */
  private void look(Policy policy) {
    if (!matches(policy.action())) {
      return;
    }
    boolean principal = matches(policy.principal(), call.request().principal());
    boolean resource = matches(policy.resource(), call.request().resource());
    int score = 1 + (principal ? 1 : 0) + (resource ? 1 : 0);
    if (score > best) {
      best = score;
      name = CompiledPolicy.nameOf(policy.id());
      missing =
          principal && resource
              ? "whose conditions do not hold"
              : principal
                  ? "which is about other targets"
                  : resource ? "which is about other agents" : "which is about others";
    }
  }

  private boolean matches(ActionConstraint constraint) {
    EntityUid action = call.request().action();
    return switch (constraint) {
      case ActionConstraint.Any _ -> true;
      case ActionConstraint.Equal equal -> equal.action().equals(action);
      case ActionConstraint.In in -> isIn(action, in.action());
      case ActionConstraint.InAny any ->
          any.actions().stream().anyMatch(group -> isIn(action, group));
    };
  }

  private boolean matches(ScopeConstraint constraint, EntityUid uid) {
    return switch (constraint) {
      case ScopeConstraint.Any _ -> true;
      case ScopeConstraint.Is is -> is.type().equals(uid.type());
      case ScopeConstraint.Equal equal -> named(equal.entity()).equals(uid);
      case ScopeConstraint.In in -> isIn(uid, named(in.entity()));
      case ScopeConstraint.IsIn both ->
          both.type().equals(uid.type()) && isIn(uid, named(both.entity()));
    };
  }

  private static EntityUid named(EntityRef reference) {
    return switch (reference) {
      case EntityRef.Named named -> named.uid();
      case EntityRef.Open _ -> throw new IllegalStateException("templates are refused");
    };
  }

  private boolean isIn(EntityUid uid, EntityUid ancestor) {
    Entities entities = call.entities();
    StoredEntity stored = entities.find(uid);
    return uid.equals(ancestor) || (stored != null && stored.isIn(ancestor));
  }
}
