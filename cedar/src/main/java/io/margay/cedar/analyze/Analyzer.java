package io.margay.cedar.analyze;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.analyze.Node.Truth;
import io.margay.cedar.analyze.PolicyLogic.Entry;
import io.margay.cedar.analyze.Search.Result;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.RequestEnvironment;
import io.margay.cedar.validate.ValidationMode;
import io.margay.cedar.validate.ValidationProblem;
import io.margay.cedar.validate.ValidationReport;
import io.margay.cedar.validate.Validator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Analyses validated policy sets. In every request environment the policies become logic over tests
 * that are shared between them; a search through all truths of the tests proves that something
 * cannot happen. Tests that exclude each other in ways that {@link Atoms} does not know can hide a
 * finding; they cannot make a false one. A difference between two sets is only claimed with a
 * request that shows it.
 */
public final class Analyzer {
  private static final int STEPS = 200_000;
  private static final int SAMPLES_AN_ENVIRONMENT = 3_000;

  private final Schema schema;
  private final Validator validator;
  private final List<RequestEnvironment> environments;

  public Analyzer(Schema schema) {
    this.schema = schema;
    this.validator = new Validator(schema);
    this.environments = validator.environments();
  }

  /**
   * Finds policies that do nothing.
   *
   * @throws CedarParseException when the set does not validate strictly
   */
  public Analysis analyze(PolicySet policies) {
    requireValid(policies);
    Collection<Policy> all = policies.policies().values();
    List<Finding> findings = new ArrayList<>();
    List<String> undecided = new ArrayList<>();
    List<PolicyLogic> logics =
        environments.stream().map(e -> PolicyLogic.of(validator, all, e)).toList();
    for (Policy policy : all) {
      Result applies = anywhere(logics, entry(policy.id()), List.of());
      if (applies == Result.IMPOSSIBLE) {
        findings.add(new Finding(Finding.Kind.NEVER_APPLIES, policy.id(), List.of()));
      } else if (applies == Result.GIVEN_UP) {
        undecided.add(policy.id());
      } else if (policy.effect() == Effect.PERMIT) {
        findings.addAll(useless(policy, all, logics));
      }
    }
    return new Analysis(findings, undecided);
  }

  private static Predicate<Entry> entry(String id) {
    return entry -> entry.id().equals(id);
  }

  /** Whether one permit is covered by others, or silenced. */
  private static List<Finding> useless(
      Policy permit, Collection<Policy> all, List<PolicyLogic> logics) {
    List<Finding> findings = new ArrayList<>();
    for (Finding.Kind kind : List.of(Finding.Kind.COVERED, Finding.Kind.SILENCED)) {
      Effect effect = kind == Finding.Kind.COVERED ? Effect.PERMIT : Effect.FORBID;
      List<String> others =
          all.stream()
              .filter(other -> other.effect() == effect && !other.id().equals(permit.id()))
              .map(Policy::id)
              .toList();
      List<String> reasons = reasons(permit.id(), others, logics);
      if (!reasons.isEmpty()) {
        findings.add(new Finding(kind, permit.id(), reasons));
      }
    }
    return findings;
  }

  /** One policy that is satisfied whenever the permit is; or several together; or none. */
  private static List<String> reasons(
      String permit, List<String> others, List<PolicyLogic> logics) {
    for (String other : others) {
      if (anywhere(logics, entry(permit), List.of(other)) == Result.IMPOSSIBLE) {
        return List.of(other);
      }
    }
    return others.size() > 1 && anywhere(logics, entry(permit), others) == Result.IMPOSSIBLE
        ? others
        : List.of();
  }

  /** Whether a policy may be satisfied while none of the others is, in any environment. */
  private static Result anywhere(
      List<PolicyLogic> logics, Predicate<Entry> wanted, List<String> others) {
    Result all = Result.IMPOSSIBLE;
    for (PolicyLogic logic : logics) {
      List<Entry> one = logic.entries().stream().filter(wanted).toList();
      List<Entry> rest =
          logic.entries().stream().filter(entry -> others.contains(entry.id())).toList();
      Function<Truth[], Truth> goal =
          truths -> PolicyLogic.without(any(one, truths), any(rest, truths));
      List<Entry> involved = new ArrayList<>(one);
      involved.addAll(rest);
      Result here = Search.of(logic.atoms(), PolicyLogic.tests(involved), goal, STEPS);
      if (here == Result.POSSIBLE) {
        return here;
      }
      all = here == Result.GIVEN_UP ? here : all;
    }
    return all;
  }

  private static Truth any(List<Entry> entries, Truth[] truths) {
    Truth permit = PolicyLogic.anySatisfied(entries, Effect.PERMIT, truths);
    Truth forbid = PolicyLogic.anySatisfied(entries, Effect.FORBID, truths);
    if (permit == Truth.TRUE || forbid == Truth.TRUE) {
      return Truth.TRUE;
    }
    return permit == Truth.OPEN || forbid == Truth.OPEN ? Truth.OPEN : Truth.FALSE;
  }

  /**
   * Compares what two sets allow.
   *
   * @throws CedarParseException when one of them does not validate strictly
   */
  public Comparison compare(PolicySet first, PolicySet second) {
    requireValid(first);
    requireValid(second);
    Authorizer one = Authorizer.of(first);
    Authorizer other = Authorizer.of(second);
    boolean proven = true;
    long tried = 0;
    for (RequestEnvironment environment : environments) {
      if (isSame(first, second, environment)) {
        continue;
      }
      proven = false;
      SampleRequests samples = new SampleRequests(schema, environment, List.of(first, second));
      for (int i = 0; i < SAMPLES_AN_ENVIRONMENT; i++) {
        SampleRequests.Sample sample = samples.next();
        Request request = sample.request();
        Entities entities = sample.entities();
        boolean allowedByFirst = one.decide(request, entities).isAllowed();
        boolean allowedBySecond = other.decide(request, entities).isAllowed();
        if (allowedByFirst != allowedBySecond) {
          return new Comparison.Different(request, entities, allowedByFirst, allowedBySecond);
        }
        tried++;
      }
    }
    return proven ? new Comparison.Equal() : new Comparison.Unknown(tried);
  }

  /** True where it is proven that the sets allow the same in an environment. */
  private boolean isSame(PolicySet first, PolicySet second, RequestEnvironment environment) {
    Atoms atoms = new Atoms();
    List<Entry> one = PolicyLogic.entries(validator, first.policies().values(), environment, atoms);
    List<Entry> other =
        PolicyLogic.entries(validator, second.policies().values(), environment, atoms);
    Function<Truth[], Truth> differ =
        truths -> {
          Truth left = PolicyLogic.allows(one, truths);
          Truth right = PolicyLogic.allows(other, truths);
          if (left == Truth.OPEN || right == Truth.OPEN) {
            return Truth.OPEN;
          }
          return left == right ? Truth.FALSE : Truth.TRUE;
        };
    List<Entry> involved = new ArrayList<>(one);
    involved.addAll(other);
    return Search.of(atoms, PolicyLogic.tests(involved), differ, STEPS) == Result.IMPOSSIBLE;
  }

  private void requireValid(PolicySet policies) {
    ValidationReport report = validator.validate(policies, ValidationMode.STRICT);
    if (!report.passed()) {
      throw new CedarParseException(
          report.errors().stream().map(ValidationProblem::asError).toList());
    }
  }
}
