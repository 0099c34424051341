package io.margay.cedar.partial;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Template;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.EvaluationException;
import io.margay.cedar.eval.Operations;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Evaluates a policy as far as the request is known. */
final class PolicyReducer {
  private final PartialRequest request;
  private final Entities entities;
  private final ExprReducer exprs;

  PolicyReducer(PartialRequest request, Entities entities) {
    this.request = request;
    this.entities = entities;
    this.exprs = new ExprReducer(request, entities);
  }

  /**
   * What is left of a policy: one without scope and conditions is satisfied. Null when the policy
   * is certainly not satisfied, and not in error.
   *
   * @throws EvaluationException when the policy is certainly in error
   */
  @Nullable Policy reduce(Policy policy) {
    ScopeConstraint principal = scope(policy.principal(), request.principal());
    ActionConstraint action = action(policy.action());
    ScopeConstraint resource = scope(policy.resource(), request.resource());
    if (principal == null || action == null || resource == null) {
      return null;
    }
    boolean scopeHolds =
        principal instanceof ScopeConstraint.Any
            && action instanceof ActionConstraint.Any
            && resource instanceof ScopeConstraint.Any;
    List<Condition> conditions = conditions(policy.conditions(), scopeHolds);
    if (conditions == null) {
      return null;
    }
    Template template = policy.template();
    return Policy.of(
        new Template(
            policy.id(),
            template.annotations(),
            template.effect(),
            principal,
            action,
            resource,
            conditions,
            template.span()));
  }

  /** What is left of one side of the scope; null when it does not hold. */
  private @Nullable ScopeConstraint scope(ScopeConstraint constraint, EntityPart part) {
    return switch (part) {
      case EntityPart.Known(EntityUid uid) ->
          holds(constraint, uid) ? ScopeConstraint.Any.ANY : null;
      case EntityPart.OfType(EntityType type) -> ofType(constraint, type);
      case EntityPart.Unknown _ -> constraint;
    };
  }

  private boolean holds(ScopeConstraint constraint, EntityUid uid) {
    return switch (constraint) {
      case ScopeConstraint.Any _ -> true;
      case ScopeConstraint.Equal(EntityRef entity) -> uid.equals(named(entity));
      case ScopeConstraint.In(EntityRef entity) -> isIn(uid, named(entity));
      case ScopeConstraint.Is is -> is.type().equals(uid.type());
      case ScopeConstraint.IsIn isIn ->
          isIn.type().equals(uid.type()) && isIn(uid, named(isIn.entity()));
    };
  }

  private static @Nullable ScopeConstraint ofType(ScopeConstraint constraint, EntityType type) {
    return switch (constraint) {
      case ScopeConstraint.Any _, ScopeConstraint.In _ -> constraint;
      case ScopeConstraint.Equal(EntityRef entity) ->
          named(entity).type().equals(type) ? constraint : null;
      case ScopeConstraint.Is is -> is.type().equals(type) ? ScopeConstraint.Any.ANY : null;
      case ScopeConstraint.IsIn isIn ->
          isIn.type().equals(type) ? new ScopeConstraint.In(isIn.entity()) : null;
    };
  }

  private @Nullable ActionConstraint action(ActionConstraint constraint) {
    return switch (request.action()) {
      case EntityPart.Known(EntityUid uid) ->
          holds(constraint, uid) ? ActionConstraint.Any.ANY : null;
      case EntityPart.OfType _, EntityPart.Unknown _ -> constraint;
    };
  }

  private boolean holds(ActionConstraint constraint, EntityUid uid) {
    return switch (constraint) {
      case ActionConstraint.Any _ -> true;
      case ActionConstraint.Equal(EntityUid action, _) -> uid.equals(action);
      case ActionConstraint.In(EntityUid group, _) -> isIn(uid, group);
      case ActionConstraint.InAny(List<EntityUid> groups, _) ->
          groups.stream().anyMatch(group -> isIn(uid, group));
    };
  }

  private boolean isIn(EntityUid uid, EntityUid ancestor) {
    return Operations.in(uid, entities.find(uid), ancestor);
  }

  private static EntityUid named(EntityRef reference) {
    return switch (reference) {
      case EntityRef.Named(EntityUid uid, _) -> uid;
      case EntityRef.Open open ->
          throw new IllegalArgumentException("a policy's slots are filled: " + open);
    };
  }

  /**
   * What is left of the conditions; null when one of them certainly does not hold.
   *
   * @param scopeHolds whether the conditions are certainly reached
   */
  private @Nullable List<Condition> conditions(List<Condition> conditions, boolean scopeHolds) {
    List<Condition> open = new ArrayList<>();
    for (Condition condition : conditions) {
      try {
        Expr body = exprs.reduce(condition.body());
        if (body instanceof Expr.Literal(Value value, _)) {
          boolean holds =
              Operations.isTrue(value, condition.body().span())
                  == (condition.kind() == Condition.Kind.WHEN);
          if (holds) {
            continue;
          }
          if (open.isEmpty()) {
            return null;
          }
          // What is open before may be in error, so that it has to stay.
          open.add(new Condition(condition.kind(), body, condition.span()));
          return open;
        }
        open.add(new Condition(condition.kind(), body, condition.span()));
      } catch (EvaluationException e) {
        if (scopeHolds && open.isEmpty()) {
          throw e;
        }
        open.add(condition);
        return open;
      }
    }
    return open;
  }
}
