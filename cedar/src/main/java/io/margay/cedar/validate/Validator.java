package io.margay.cedar.validate;

import io.margay.cedar.ast.Condition;
import io.margay.cedar.ast.EntityRef;
import io.margay.cedar.ast.Expr;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.ScopeConstraint;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.Span;
import io.margay.cedar.ast.Template;
import io.margay.cedar.schema.EntityTypeInfo;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.schema.Type.Simple;
import io.margay.cedar.validate.ValidationProblem.Kind;
import io.margay.cedar.value.EntityType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks policies against a schema. A policy that passes in strict mode evaluates without a type
 * error on every request and entity that conforms to the schema; what may still fail then is an
 * overflow, a missing entity, or an extension's arithmetic.
 */
public final class Validator {
  private static final int LONGEST_PATH = 100;

  private final Schema schema;
  private final List<RequestEnvironment> environments;

  public Validator(Schema schema) {
    this.schema = schema;
    this.environments = RequestEnvironment.of(schema);
  }

  /** Checks types, names and scopes. */
  public ValidationReport validate(PolicySet policies, ValidationMode mode) {
    return validate(policies, mode, OptionalInt.empty());
  }

  /**
   * Checks the same, and that no policy follows more than so many references from one entity to
   * another, which bounds what a caller must load for a request.
   */
  public ValidationReport validate(PolicySet policies, ValidationMode mode, int maxLevel) {
    return validate(policies, mode, OptionalInt.of(maxLevel));
  }

  private ValidationReport validate(PolicySet policies, ValidationMode mode, OptionalInt maxLevel) {
    Set<ValidationProblem> problems = new LinkedHashSet<>();
    for (Template template : policies.templates().values()) {
      check(template, mode, maxLevel, problems);
    }
    for (Policy policy : policies.policies().values()) {
      if (policy.isLink()) {
        checkLink(policy, problems);
      } else {
        check(policy.template(), mode, maxLevel, problems);
      }
    }
    return new ValidationReport(new ArrayList<>(problems));
  }

  private void check(
      Template template, ValidationMode mode, OptionalInt maxLevel, Set<ValidationProblem> into) {
    new NameChecks(schema, into).check(template);
    new ScopeChecks(schema, into).check(template);
    if (hasOverlongPath(template, into)) {
      return;
    }
    typecheck(template, mode, maxLevel, into);
    TextChecks.check(template, into);
  }

  /** {@code has a.b.c…} is written flat, but is as deep as it is long. */
  private static boolean hasOverlongPath(Template template, Set<ValidationProblem> into) {
    int before = into.size();
    for (Condition condition : template.conditions()) {
      PolicyWalk.visit(
          condition.body(),
          expr -> {
            if (expr instanceof Expr.HasAttribute(_, List<String> path, Span span)
                && path.size() > LONGEST_PATH) {
              into.add(
                  new ValidationProblem(
                      template.id(),
                      Kind.TOO_DEEP,
                      "the path has more than " + LONGEST_PATH + " attributes",
                      "split it",
                      span));
            }
          });
    }
    return into.size() > before;
  }

  /** The types in a link were checked with its template, for every type that may fill a slot. */
  private void checkLink(Policy link, Set<ValidationProblem> into) {
    new NameChecks(schema, into).checkSlots(link);
    new ScopeChecks(schema, into).check(link);
  }

  private void typecheck(
      Template template, ValidationMode mode, OptionalInt maxLevel, Set<ValidationProblem> into) {
    Expr condition = CoreForm.condition(template);
    boolean neverApplies = true;
    for (RequestEnvironment environment : environments) {
      for (RequestEnvironment linked : linked(environment, template)) {
        EnvironmentCheck checked = check(template, condition, linked, mode, into);
        neverApplies &= checked.neverApplies();
        if (maxLevel.isPresent() && checked.typed() != null) {
          new LevelCheck(linked, template.id(), maxLevel.getAsInt(), into).check(checked.typed());
        }
      }
    }
    if (neverApplies) {
      into.add(
          new ValidationProblem(
              template.id(),
              Kind.NEVER_APPLIES,
              "no request that the schema allows satisfies this policy",
              "",
              template.span()));
    }
  }

  /** What checking a policy in one environment gave; {@code typed} is null where it failed. */
  private record EnvironmentCheck(boolean neverApplies, @Nullable TypedExpr typed) {}

  private EnvironmentCheck check(
      Template template,
      Expr condition,
      RequestEnvironment environment,
      ValidationMode mode,
      Set<ValidationProblem> into) {
    EnvironmentChecker checker =
        new EnvironmentChecker(schema, mode, environment, template.id(), into);
    Answer answer = checker.checkCondition(condition);
    boolean never = answer.typed().is(Simple.FALSE);
    return new EnvironmentCheck(never, answer.ok() || never ? answer.typed() : null);
  }

  /**
   * The typed condition of a static policy in one environment; null where it does not typecheck
   * there. For the analysis, which looks at policies that have passed.
   */
  public @Nullable TypedExpr typed(Template template, RequestEnvironment environment) {
    EnvironmentCheck checked =
        check(
            template,
            CoreForm.condition(template),
            environment,
            ValidationMode.STRICT,
            new LinkedHashSet<>());
    return checked.typed();
  }

  public List<RequestEnvironment> environments() {
    return environments;
  }

  /** The environment once for every combination of types that a template's slots may have. */
  private List<RequestEnvironment> linked(RequestEnvironment environment, Template template) {
    List<Map<Slot, EntityType>> fillings = List.of(Map.of());
    fillings = filled(fillings, Slot.PRINCIPAL, template.principal(), environment.principal());
    fillings = filled(fillings, Slot.RESOURCE, template.resource(), environment.resource());
    return fillings.stream()
        .map(filling -> filling.isEmpty() ? environment : environment.withSlots(filling))
        .toList();
  }

  private List<Map<Slot, EntityType>> filled(
      List<Map<Slot, EntityType>> fillings,
      Slot slot,
      ScopeConstraint constraint,
      EntityType variable) {
    if (!(constraint.reference().orElse(null) instanceof EntityRef.Open)) {
      return fillings;
    }
    List<Map<Slot, EntityType>> more = new ArrayList<>();
    for (EntityType type : possible(constraint, variable)) {
      for (Map<Slot, EntityType> filling : fillings) {
        Map<Slot, EntityType> next = new EnumMap<>(Slot.class);
        next.putAll(filling);
        next.put(slot, type);
        more.add(next);
      }
    }
    return more;
  }

  private Set<EntityType> possible(ScopeConstraint constraint, EntityType variable) {
    Set<EntityType> types = new LinkedHashSet<>();
    types.add(variable);
    EntityTypeInfo info = schema.entityType(variable);
    boolean equal = constraint instanceof ScopeConstraint.Equal;
    if (!equal && info != null) {
      types.addAll(info.ancestors());
    }
    return types;
  }
}
