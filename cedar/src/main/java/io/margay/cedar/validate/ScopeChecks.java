package io.margay.cedar.validate;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Some action of a policy's scope must apply to some principal and resource of it. */
final class ScopeChecks {
  private final Schema schema;
  private final Set<ValidationProblem> problems;

  ScopeChecks(Schema schema, Set<ValidationProblem> problems) {
    this.schema = schema;
    this.problems = problems;
  }

  void check(Template template) {
    check(
        template.id(),
        template.principal(),
        template.action(),
        template.resource(),
        template.span());
  }

  void check(Policy link) {
    check(link.id(), link.principal(), link.action(), link.resource(), link.template().span());
  }

  private void check(
      String id,
      ScopeConstraint principal,
      ActionConstraint action,
      ScopeConstraint resource,
      Span span) {
    List<ActionInfo> actions = actions(action);
    Set<EntityType> principals = types(principal);
    Set<EntityType> resources = types(resource);
    for (ActionInfo info : actions) {
      if (!Collections.disjoint(info.principals(), principals)
          && !Collections.disjoint(info.resources(), resources)) {
        return;
      }
    }
    boolean principalIn = inWouldHelp(principal, actions, true);
    boolean resourceIn = inWouldHelp(resource, actions, false);
    problems.add(
        new ValidationProblem(
            id,
            Kind.ACTION_NEVER_APPLIES,
            "no action of the scope applies to such a principal and resource",
            suggestion(principalIn, resourceIn),
            span));
  }

  private static String suggestion(boolean principal, boolean resource) {
    if (principal && resource) {
      return "write in instead of == for principal and resource";
    }
    if (principal || resource) {
      return "write in instead of == for the " + (principal ? "principal" : "resource");
    }
    return "";
  }

  private List<ActionInfo> actions(ActionConstraint constraint) {
    Collection<EntityUid> named =
        switch (constraint) {
          case ActionConstraint.Any _ -> schema.actions().stream().map(ActionInfo::name).toList();
          case ActionConstraint.Equal(EntityUid uid, _) -> List.of(uid);
          case ActionConstraint.In(EntityUid uid, _) -> members(List.of(uid));
          case ActionConstraint.InAny(List<EntityUid> uids, _) -> members(uids);
        };
    return named.stream().map(schema::action).filter(Objects::nonNull).toList();
  }

  private Collection<EntityUid> members(List<EntityUid> groups) {
    Collection<EntityUid> members = schema.actionsIn(groups);
    return members == null ? List.of() : members;
  }

  private Set<EntityType> types(ScopeConstraint constraint) {
    return switch (constraint) {
      case ScopeConstraint.Any _ -> schema.entityTypeNames();
      case ScopeConstraint.Equal(EntityRef ref) ->
          ref instanceof EntityRef.Named(EntityUid uid, _)
              ? Set.of(uid.type())
              : schema.entityTypeNames();
      case ScopeConstraint.In(EntityRef ref) ->
          ref instanceof EntityRef.Named(EntityUid uid, _)
              ? schema.typesIn(uid.type())
              : schema.entityTypeNames();
      case ScopeConstraint.Is(EntityType type, _) -> known(type);
      case ScopeConstraint.IsIn(EntityType type, EntityRef ref, _) ->
          ref instanceof EntityRef.Named(EntityUid uid, _)
                  && !schema.typesIn(uid.type()).contains(type)
              ? Set.of()
              : ref instanceof EntityRef.Named ? Set.of(type) : known(type);
    };
  }

  private Set<EntityType> known(EntityType type) {
    return type.isAction() || schema.entityType(type) != null ? Set.of(type) : Set.of();
  }

  /** True where the scope names a group of what the actions apply to. */
  private boolean inWouldHelp(
      ScopeConstraint constraint, List<ActionInfo> actions, boolean principal) {
    if (!(constraint instanceof ScopeConstraint.Equal(EntityRef ref))
        || !(ref instanceof EntityRef.Named(EntityUid uid, _))) {
      return false;
    }
    EntityTypeInfo info = schema.entityType(uid.type());
    if (info == null) {
      return false;
    }
    Set<EntityType> applicable = new TreeSet<>();
    actions.forEach(
        action -> applicable.addAll(principal ? action.principals() : action.resources()));
    return !applicable.contains(uid.type())
        && !Collections.disjoint(applicable, info.descendants());
  }
}
