package io.margay.cedar.analyze;

import io.margay.cedar.analyze.Node.Truth;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.Template;
import io.margay.cedar.validate.RequestEnvironment;
import io.margay.cedar.validate.TypedExpr;
import io.margay.cedar.validate.Validator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The conditions of policies in one request environment, over shared tests. */
record PolicyLogic(Atoms atoms, List<Entry> entries) {

  record Entry(String id, Effect effect, Node condition) {}

  /** The tests that conditions depend on, in the order in which they are evaluated. */
  static Set<Integer> tests(Collection<Entry> entries) {
    Set<Integer> found = new LinkedHashSet<>();
    entries.forEach(entry -> addTests(entry.condition(), found));
    return found;
  }

  private static void addTests(Node node, Set<Integer> into) {
    switch (node) {
      case Node.Constant _ -> {}
      case Node.Atom(int index) -> into.add(index);
      case Node.Not(Node operand) -> addTests(operand, into);
      case Node.And(List<Node> operands) -> operands.forEach(o -> addTests(o, into));
      case Node.Or(List<Node> operands) -> operands.forEach(o -> addTests(o, into));
      case Node.If(Node test, Node then, Node otherwise) ->
          List.of(test, then, otherwise).forEach(o -> addTests(o, into));
    }
  }

  static PolicyLogic of(
      Validator validator, Collection<Policy> policies, RequestEnvironment environment) {
    Atoms atoms = new Atoms();
    return new PolicyLogic(atoms, entries(validator, policies, environment, atoms));
  }

  static List<Entry> entries(
      Validator validator,
      Collection<Policy> policies,
      RequestEnvironment environment,
      Atoms atoms) {
    List<Entry> entries = new ArrayList<>();
    for (Policy policy : policies) {
      TypedExpr typed = validator.typed(filled(policy), environment);
      if (typed == null) {
        throw new IllegalArgumentException(
            "policy " + policy.id() + " does not typecheck for " + environment);
      }
      entries.add(new Entry(policy.id(), policy.effect(), atoms.node(typed)));
    }
    return entries;
  }

  /** A link as a policy of its own. */
  private static Template filled(Policy policy) {
    Template template = policy.template();
    return new Template(
        policy.id(),
        template.annotations(),
        template.effect(),
        policy.principal(),
        policy.action(),
        policy.resource(),
        template.conditions(),
        template.span());
  }

  /** Whether all of these policies together allow: no forbid is satisfied, and some permit is. */
  static Truth allows(List<Entry> entries, Truth[] truths) {
    Truth forbidden = anySatisfied(entries, Effect.FORBID, truths);
    if (forbidden == Truth.TRUE) {
      return Truth.FALSE;
    }
    Truth permitted = anySatisfied(entries, Effect.PERMIT, truths);
    if (permitted == Truth.FALSE) {
      return Truth.FALSE;
    }
    return forbidden == Truth.FALSE ? permitted : Truth.OPEN;
  }

  /** A policy in error is not satisfied. */
  static Truth anySatisfied(List<Entry> entries, Effect effect, Truth[] truths) {
    Truth any = Truth.FALSE;
    for (Entry entry : entries) {
      if (entry.effect() == effect) {
        Truth one = satisfied(entry, truths);
        if (one == Truth.TRUE) {
          return Truth.TRUE;
        }
        any = one == Truth.OPEN ? Truth.OPEN : any;
      }
    }
    return any;
  }

  static Truth satisfied(Entry entry, Truth[] truths) {
    Truth truth = Node.evaluate(entry.condition(), truths);
    return truth == Truth.ERROR ? Truth.FALSE : truth;
  }

  /** True where the first is and the second is not. */
  static Truth without(Truth one, Truth other) {
    if (one == Truth.FALSE || other == Truth.TRUE) {
      return Truth.FALSE;
    }
    return one == Truth.TRUE && other == Truth.FALSE ? Truth.TRUE : Truth.OPEN;
  }
}
