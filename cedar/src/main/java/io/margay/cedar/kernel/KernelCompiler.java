package io.margay.cedar.kernel;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Annotation;
import io.margay.cedar.ast.Effect;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.Template;
import io.margay.cedar.ast.Variable;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.kernel.Alternatives.Alternative;
import io.margay.cedar.kernel.KernelMarks.Mark;
import io.margay.cedar.kernel.KernelProgram.DenyRule;
import io.margay.cedar.kernel.KernelProgram.Rules;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.CoreForm;
import io.margay.cedar.validate.ValidationMode;
import io.margay.cedar.validate.ValidationProblem;
import io.margay.cedar.validate.ValidationReport;
import io.margay.cedar.validate.Validator;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.RecordValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles the kernel's part of a policy set for one principal. A permit gives allow rules for what
 * it surely allows; a forbid gives deny rules for all that it may forbid. So the kernel is never
 * wider than Cedar, and it is narrower where it does not see enough.
 */
public final class KernelCompiler {
  private final Schema schema;
  private final PolicySet policies;
  private final KernelMarks marks;

  /**
   * Takes policies that validate strictly: a policy that fails to evaluate would not forbid what it
   * was written for.
   *
   * @throws CedarParseException when they do not, or when a mark of the schema cannot be enforced
   */
  public KernelCompiler(Schema schema, PolicySet policies) {
    this.schema = schema;
    this.policies = policies;
    this.marks = KernelMarks.of(schema);
    ValidationReport report = new Validator(schema).validate(policies, ValidationMode.STRICT);
    List<CedarError> errors =
        new ArrayList<>(report.errors().stream().map(ValidationProblem::asError).toList());
    policies.policies().values().forEach(policy -> checkErrno(policy.template(), errors));
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
  }

  private static void checkErrno(Template template, List<CedarError> errors) {
    Optional<Annotation> annotation = template.annotation(KernelMarks.ERRNO_ANNOTATION);
    annotation.ifPresent(written -> {
      if (!KernelMarks.ERRNOS.contains(written.value().orElse(""))) {
        errors.add(
            CedarError.at(
                written.span(),
                "no error that a kernel can return here",
                "use one of " + KernelMarks.ERRNOS.stream().sorted().toList()));
      }
    });
  }

  /** The program of a principal, as the entities are now. */
  public KernelProgram compile(EntityUid principal, Entities entities) {
    Map<Operation, Rules> operations = new EnumMap<>(Operation.class);
    for (Mark mark : marks.all()) {
      operations.put(mark.operation(), rules(mark, principal, entities));
    }
    return new KernelProgram(principal, operations);
  }

  private Rules rules(Mark mark, EntityUid principal, Entities entities) {
    PartialRequest request =
        new PartialRequest(
            EntityPart.known(principal),
            EntityPart.known(mark.action()),
            new EntityPart.OfType(mark.resource()),
            RecordValue.EMPTY,
            false);
    PolicySet left = PartialEvaluator.evaluate(policies, request, entities).residual();
    List<Rule> allow = new ArrayList<>();
    List<DenyRule> deny = new ArrayList<>();
    for (Policy policy : left.policies().values()) {
      Formula condition = condition(policy, mark);
      if (policy.effect() == Effect.PERMIT) {
        // Too many alternatives to allow: none of them is allowed.
        Alternatives.of(condition.lower())
            .orElse(List.of())
            .forEach(alternative -> allow.add(rule(policy, alternative)));
      } else {
        String errno = errno(policy.template());
        // Too many to deny: everything is denied.
        Alternatives.of(condition.upper())
            .orElse(List.of(Alternative.ANYTHING))
            .forEach(alternative -> deny.add(new DenyRule(rule(policy, alternative), errno)));
      }
    }
    return new Rules(allow, deny, KernelMarks.DEFAULT_ERRNO);
  }

  private static Rule rule(Policy policy, Alternative alternative) {
    return new Rule(policy.id(), List.copyOf(alternative.all()), List.copyOf(alternative.none()));
  }

  private static String errno(Template template) {
    return template
        .annotation(KernelMarks.ERRNO_ANNOTATION)
        .flatMap(Annotation::value)
        .orElse(KernelMarks.DEFAULT_ERRNO);
  }

  /** What is left of a policy once principal and action are known. */
  private static Formula condition(Policy policy, Mark mark) {
    Translator translator = new Translator(mark, false);
    Template template = policy.template();
    return new Formula.And(
        List.of(
            translator.of(CoreForm.scope(Variable.PRINCIPAL, policy.principal(), template.span())),
            translator.of(CoreForm.action(policy.action(), template.span())),
            translator.of(CoreForm.scope(Variable.RESOURCE, policy.resource(), template.span())),
            translator.of(CoreForm.conditions(template))));
  }

  /** What of the policies is enforced where, and why not in the kernel. */
  public List<PolicyCoverage> coverage() {
    CoverageReport report = new CoverageReport(schema, marks);
    return policies.policies().values().stream().map(report::of).toList();
  }
}
