package io.margay.cedar.eval;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.StoredEntity;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy's scope, which is true or false and never an error.
 *
 * @param principalType null when any will do
 * @param principalIn the entity that the principal has to be, or to be in; null when any will do
 * @param principalExact whether it has to be that very entity
 * @param actions one of which the action has to be, or to be in, none twice; null when any will do
 */
record ScopeTest(
    @Nullable EntityType principalType,
    @Nullable EntityUid principalIn,
    boolean principalExact,
    @Nullable List<EntityUid> actions,
    boolean actionExact,
    @Nullable EntityType resourceType,
    @Nullable EntityUid resourceIn,
    boolean resourceExact) {

  static ScopeTest of(Policy policy) {
    ScopeConstraint principal = policy.principal();
    ScopeConstraint resource = policy.resource();
    ActionConstraint action = policy.action();
    return new ScopeTest(
        type(principal),
        entity(principal),
        principal instanceof ScopeConstraint.Equal,
        action instanceof ActionConstraint.Any
            ? null
            : action.actions().stream().distinct().toList(),
        action instanceof ActionConstraint.Equal,
        type(resource),
        entity(resource),
        resource instanceof ScopeConstraint.Equal);
  }

  private static @Nullable EntityType type(ScopeConstraint constraint) {
    return switch (constraint) {
      case ScopeConstraint.Is is -> is.type();
      case ScopeConstraint.IsIn isIn -> isIn.type();
      case ScopeConstraint.Any _, ScopeConstraint.Equal _, ScopeConstraint.In _ -> null;
    };
  }

  private static @Nullable EntityUid entity(ScopeConstraint constraint) {
    return switch (constraint.reference().orElse(null)) {
      case null -> null;
      case EntityRef.Named(EntityUid uid, _) -> uid;
      case EntityRef.Open(_, _) ->
          throw new IllegalStateException("a policy's slots are filled: " + constraint);
    };
  }

  /**
   * What is left to ask of requests of which something is known. To be {@code ==} an entity is more
   * than to be in it, and is asked all the same.
   */
  ScopeTest given(IndexKey known) {
    return switch (known) {
      case IndexKey.InEntity(Variable variable, EntityUid uid) ->
          without(
              variable == Variable.PRINCIPAL && !principalExact && uid.equals(principalIn),
              variable == Variable.RESOURCE && !resourceExact && uid.equals(resourceIn));
      case IndexKey.OfType _, IndexKey.HasValue _, IndexKey.Anything _ -> this;
    };
  }

  private ScopeTest without(boolean ofPrincipal, boolean ofResource) {
    return new ScopeTest(
        principalType,
        ofPrincipal ? null : principalIn,
        principalExact,
        actions,
        actionExact,
        resourceType,
        ofResource ? null : resourceIn,
        resourceExact);
  }

  boolean test(Frame frame) {
    return fits(frame.principal, frame.principalEntity, principalType, principalIn, principalExact)
        && fitsAction(frame)
        && fits(frame.resource, frame.resourceEntity, resourceType, resourceIn, resourceExact);
  }

  private static boolean fits(
      EntityUid uid,
      @Nullable StoredEntity stored,
      @Nullable EntityType type,
      @Nullable EntityUid ancestor,
      boolean exact) {
    if (type != null && !type.equals(uid.type())) {
      return false;
    }
    if (ancestor == null) {
      return true;
    }
    return exact ? uid.equals(ancestor) : Operations.in(uid, stored, ancestor);
  }

  private boolean fitsAction(Frame frame) {
    if (actions == null) {
      return true;
    }
    for (int i = 0; i < actions.size(); i++) {
      EntityUid one = actions.get(i);
      if (actionExact
          ? frame.action.equals(one)
          : Operations.in(frame.action, frame.actionEntity, one)) {
        return true;
      }
    }
    return false;
  }
}
