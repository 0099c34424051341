package io.margay.cedar.kernel;

import io.margay.cedar.ast.ActionConstraint;
import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.kernel.KernelMarks.Mark;
import io.margay.cedar.kernel.PolicyCoverage.ClauseCoverage;
import io.margay.cedar.kernel.PolicyCoverage.Placement;
import io.margay.cedar.schema.ActionInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.CoreForm;
import io.margay.cedar.value.EntityUid;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Says for policies what the kernel sees of them, before there is a principal. */
final class CoverageReport {
  private final Schema schema;
  private final KernelMarks marks;

  CoverageReport(Schema schema, KernelMarks marks) {
    this.schema = schema;
    this.marks = marks;
  }

  PolicyCoverage of(Policy policy) {
    Set<EntityUid> actions = actions(policy.action());
    List<Mark> marked =
        marks.all().stream().filter(mark -> actions.contains(mark.action())).toList();
    List<ClauseCoverage> clauses = new ArrayList<>();
    clauses.add(
        new ClauseCoverage("principal", true, "decided when it starts", policy.template().span()));
    clauses.add(action(policy, actions, marked));
    if (marked.isEmpty()) {
      return new PolicyCoverage(
          policy.id(), Placement.GATEWAY, "none of its actions is kernel-enforced", clauses);
    }
    boolean never = addResource(policy, marked, clauses) | addConditions(policy, marked, clauses);
    boolean exact = clauses.stream().skip(2).allMatch(ClauseCoverage::inKernel);
    boolean others = actions.size() > marked.size();
    return new PolicyCoverage(
        policy.id(),
        placement(policy.effect(), exact, never, others),
        note(policy.effect(), exact, never),
        clauses);
  }

  private static Placement placement(Effect effect, boolean exact, boolean never, boolean others) {
    if (exact) {
      return others ? Placement.BOTH : Placement.KERNEL;
    }
    return effect == Effect.PERMIT && never ? Placement.GATEWAY : Placement.BOTH;
  }

  private static String note(Effect effect, boolean exact, boolean never) {
    if (exact) {
      return "the kernel enforces it exactly";
    }
    if (effect == Effect.FORBID) {
      return "the kernel forbids more: wherever the policy may apply";
    }
    return never
        ? "the kernel allows nothing because of it"
        : "the kernel allows only what it is sure of";
  }

  private Set<EntityUid> actions(ActionConstraint constraint) {
    Set<EntityUid> all = new TreeSet<>();
    for (ActionInfo action : schema.actions()) {
      // A group applies to nothing itself.
      if (!action.principals().isEmpty()) {
        all.add(action.name());
      }
    }
    switch (constraint) {
      case ActionConstraint.Any _ -> {}
      case ActionConstraint.Equal(EntityUid action, _) -> all.retainAll(Set.of(action));
      case ActionConstraint.In(EntityUid action, _) -> all.retainAll(members(List.of(action)));
      case ActionConstraint.InAny(List<EntityUid> several, _) -> all.retainAll(members(several));
    }
    return all;
  }

  private Set<EntityUid> members(List<EntityUid> groups) {
    return Objects.requireNonNullElse(schema.actionsIn(groups), new TreeSet<>());
  }

  private static ClauseCoverage action(Policy policy, Set<EntityUid> actions, List<Mark> marked) {
    Span span = policy.template().span();
    if (marked.isEmpty()) {
      return new ClauseCoverage(
          "action",
          false,
          "no action of the scope is marked with @kernel in the schema: " + actions,
          span);
    }
    String names =
        marked.stream().map(mark -> mark.operation().text()).collect(Collectors.joining(", "));
    boolean all = actions.size() == marked.size();
    return new ClauseCoverage(
        "action", all, all ? "marked: " + names : "only " + names + " is marked", span);
  }

  private static boolean addResource(Policy policy, List<Mark> marked, List<ClauseCoverage> into) {
    Span span = policy.template().span();
    Expr scope = CoreForm.scope(Variable.RESOURCE, policy.resource(), span);
    return add("resource", scope, span, marked, into);
  }

  private static boolean addConditions(
      Policy policy, List<Mark> marked, List<ClauseCoverage> into) {
    Template template = policy.template();
    boolean never = false;
    int number = 0;
    for (Condition condition : template.conditions()) {
      String name = condition.kind().text() + " " + ++number;
      Expr body = CoreForm.of(condition.body());
      never |=
          add(name, body, condition.span(), marked, into)
              && condition.kind() == Condition.Kind.WHEN;
    }
    return never;
  }

  /** Adds a clause; true where no access can be seen to satisfy it. */
  private static boolean add(
      String name, Expr expr, Span span, List<Mark> marked, List<ClauseCoverage> into) {
    Set<String> reasons = new TreeSet<>();
    boolean never = true;
    for (Mark mark : marked) {
      Formula formula = new Translator(mark, true).of(expr);
      formula.unknowns().forEach(unknown -> reasons.add(described(unknown)));
      never &= formula.isNeverSure();
    }
    into.add(
        new ClauseCoverage(
            name,
            reasons.isEmpty(),
            reasons.isEmpty() ? "seen by the kernel" : String.join("; ", reasons),
            span));
    return never;
  }

  private static String described(Formula.Unknown unknown) {
    return unknown.span().isKnown()
        ? unknown.span().text() + ": " + unknown.reason()
        : unknown.reason();
  }
}
