package io.margay.cedar.text;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.value.CedarText;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import java.util.List;
import java.util.stream.Collectors;

/** Writes policies on one line. */
public final class PolicyPrinter {
  private PolicyPrinter() {}

  /** A policy or template as Cedar text that reads back as the same tree. */
  public static String print(Template template) {
    return print(
        template.annotations(),
        template,
        scope("principal", template.principal()),
        scope("resource", template.resource()));
  }

  /** A policy with its slots filled. */
  public static String print(Policy policy) {
    return print(
        policy.template().annotations(),
        policy.template(),
        scope("principal", policy.principal()),
        scope("resource", policy.resource()));
  }

  private static String print(
      List<Annotation> annotations, Template template, String principal, String resource) {
    StringBuilder out = new StringBuilder();
    for (Annotation annotation : annotations) {
      out.append(annotation(annotation)).append(' ');
    }
    out.append(template.effect().text())
        .append('(')
        .append(principal)
        .append(", ")
        .append(action(template.action()))
        .append(", ")
        .append(resource)
        .append(')');
    for (Condition condition : template.conditions()) {
      out.append(' ')
          .append(condition.kind().text())
          .append(" { ")
          .append(ExprPrinter.print(condition.body()))
          .append(" }");
    }
    return out.append(';').toString();
  }

  static String annotation(Annotation annotation) {
    return "@"
        + annotation.name()
        + annotation.value().map(value -> "(" + CedarText.quote(value) + ")").orElse("");
  }

  /** One side of a scope: {@code principal in Group::"staff"}. */
  static String scope(String variable, ScopeConstraint constraint) {
    return switch (constraint) {
      case ScopeConstraint.Any _ -> variable;
      case ScopeConstraint.Equal(EntityRef entity) -> variable + " == " + reference(entity);
      case ScopeConstraint.In(EntityRef entity) -> variable + " in " + reference(entity);
      case ScopeConstraint.Is(EntityType type, _) -> variable + " is " + type;
      case ScopeConstraint.IsIn(EntityType type, EntityRef entity, _) ->
          variable + " is " + type + " in " + reference(entity);
    };
  }

  private static String reference(EntityRef entity) {
    return switch (entity) {
      case EntityRef.Named(EntityUid uid, _) -> uid.toString();
      case EntityRef.Open(Slot slot, _) -> slot.text();
    };
  }

  static String action(ActionConstraint constraint) {
    return switch (constraint) {
      case ActionConstraint.Any _ -> "action";
      case ActionConstraint.Equal(EntityUid action, Span _) -> "action == " + action;
      case ActionConstraint.In(EntityUid action, Span _) -> "action in " + action;
      case ActionConstraint.InAny(List<EntityUid> actions, Span _) ->
          actions.stream()
              .map(EntityUid::toString)
              .collect(Collectors.joining(", ", "action in [", "]"));
    };
  }
}
