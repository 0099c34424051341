package io.margay.cedar.validate;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.NearestName;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Entity types, actions and the ids of enumerations that a policy names must exist. */
final class NameChecks {
  private final Schema schema;
  private final Set<ValidationProblem> problems;

  NameChecks(Schema schema, Set<ValidationProblem> problems) {
    this.schema = schema;
    this.problems = problems;
  }

  void check(Template template) {
    String id = template.id();
    checkScope(id, template.principal());
    checkAction(id, template.action());
    checkScope(id, template.resource());
    for (Condition condition : template.conditions()) {
      PolicyWalk.visit(condition.body(), expr -> checkExpr(id, expr));
    }
  }

  /** Of a link, the types alone: ids in slots come from data. */
  void checkSlots(Policy link) {
    link.orderedValues()
        .forEach((slot, uid) -> checkType(link.id(), uid.type(), link.template().span()));
  }

  private void checkScope(String id, ScopeConstraint constraint) {
    switch (constraint) {
      case ScopeConstraint.Any _, ScopeConstraint.Equal _, ScopeConstraint.In _ -> {}
      case ScopeConstraint.Is(EntityType type, Span span) -> checkType(id, type, span);
      case ScopeConstraint.IsIn(EntityType type, _, Span span) -> checkType(id, type, span);
    }
    if (constraint.reference().orElse(null) instanceof EntityRef.Named(EntityUid uid, Span span)) {
      checkEntity(id, uid, span);
    }
  }

  private void checkAction(String id, ActionConstraint constraint) {
    switch (constraint) {
      case ActionConstraint.Any _ -> {}
      case ActionConstraint.Equal(EntityUid uid, Span span) -> checkEntity(id, uid, span);
      case ActionConstraint.In(EntityUid uid, Span span) -> checkEntity(id, uid, span);
      case ActionConstraint.InAny(List<EntityUid> uids, Span span) ->
          uids.forEach(uid -> checkEntity(id, uid, span));
    }
  }

  private void checkExpr(String id, Expr expr) {
    if (expr instanceof Expr.Literal(EntityUid uid, Span span)) {
      checkEntity(id, uid, span);
    } else if (expr instanceof Expr.Is(_, EntityType type, _, Span span)) {
      checkType(id, type, span);
    }
  }

  private void checkEntity(String id, EntityUid uid, Span span) {
    if (uid.type().isAction()) {
      checkActionId(id, uid, span);
      return;
    }
    checkType(id, uid.type(), span);
    EntityTypeInfo info = schema.entityType(uid.type());
    if (info != null && !info.mayHaveId(uid.id())) {
      Set<String> ids = info.ids().orElse(Set.of());
      report(
          id,
          Kind.UNKNOWN_ENTITY_ID,
          span,
          uid + " does not exist: " + uid.type() + " is an enumeration",
          NearestName.suggestion(uid.id(), ids, "it has " + String.join(", ", ids)));
    }
  }

  private void checkType(String id, EntityType type, Span span) {
    if (type.isAction() || schema.entityType(type) != null) {
      return;
    }
    Set<String> known = new TreeSet<>();
    schema.entityTypes().forEach(info -> known.add(info.name().name()));
    report(
        id,
        Kind.UNKNOWN_ENTITY_TYPE,
        span,
        "the schema has no entity type " + type,
        NearestName.suggestion(type.name(), known, "declare it in the schema"));
  }

  private void checkActionId(String id, EntityUid uid, Span span) {
    if (schema.action(uid) != null) {
      return;
    }
    Set<String> known = new TreeSet<>();
    for (ActionInfo action : schema.actions()) {
      known.add(action.name().toString());
    }
    report(
        id,
        Kind.UNKNOWN_ACTION,
        span,
        "the schema has no action " + uid,
        NearestName.suggestion(uid.toString(), known, "declare it in the schema"));
  }

  private void report(String id, Kind kind, Span span, String message, String suggestion) {
    problems.add(new ValidationProblem(id, kind, message, suggestion, span));
  }
}
