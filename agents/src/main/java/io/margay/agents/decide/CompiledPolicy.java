package io.margay.agents.decide;

import io.margay.agents.call.Ruling.Hold;
import io.margay.agents.registry.RegistrySnapshot;
import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.ast.Template;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.text.PolicyPrinter;
import io.margay.cedar.validate.StrictCheck;
import io.margay.cedar.value.EntityUid;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.AgentPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An AgentPolicy, read and checked.
 *
 * @param templates its Cedar policies; their ids are the resource's name, {@code #} and a number
 * @param holds of those that hold calls, by id
 * @param problems why none of it may be used; empty when all of it may
 */
record CompiledPolicy(
    AgentPolicy policy, List<Template> templates, Map<String, Hold> holds, List<Problem> problems) {

  /** The resource's name in the id of one of its policies. */
  static String nameOf(String id) {
    return id.substring(0, id.lastIndexOf('#'));
  }

  boolean usable() {
    return problems.isEmpty();
  }

  String name() {
    return policy.metadata().name();
  }

  String tier() {
    return policy.spec().tier();
  }

  /** Reads and checks a policy against the registry's schema and sets. */
  static CompiledPolicy of(AgentPolicy policy, RegistrySnapshot registry, StrictCheck check) {
    List<Problem> problems =
        new ArrayList<>(registry.problems().getOrDefault(policy.key(), List.of()));
    String tier = policy.spec().tier();
    if (!registry.tierOrders().containsKey(tier)) {
      problems.add(
          problem(policy, "spec.tier", tier, "there is no such tier", "make it, or name another"));
    }
    List<Template> templates = new ArrayList<>();
    Map<String, Hold> holds = new HashMap<>();
    try {
      read(policy, check, templates, holds);
      for (EntityUid set : registry.unreadable()) {
        if (templates.stream().anyMatch(t -> PolicyPrinter.print(t).contains(set.toString()))) {
          problems.add(
              problem(
                  policy, "spec.cedar", set.toString(), "cannot be read itself", "mend it first"));
        }
      }
    } catch (CedarParseException e) {
      e.errors().forEach(error -> problems.add(problem(policy, error)));
    }
    return problems.isEmpty()
        ? new CompiledPolicy(policy, List.copyOf(templates), Map.copyOf(holds), List.of())
        : new CompiledPolicy(policy, List.of(), Map.of(), List.copyOf(problems));
  }

  private static void read(
      AgentPolicy policy, StrictCheck check, List<Template> templates, Map<String, Hold> holds) {
    String name = policy.metadata().name();
    SourceText source = new SourceText("", policy.spec().cedar());
    for (Template written : CedarParser.templates(source)) {
      Template template = written.withId(name + "#" + templates.size());
      if (!template.isStatic()) {
        throw new CedarParseException(
            template.span(), "a template decides nothing", "write an entity for each slot");
      }
      HoldAnnotation.of(template).ifPresent(hold -> holds.put(template.id(), hold));
      templates.add(template);
    }
    if (templates.isEmpty()) {
      throw new CedarParseException(
          CedarError.in("", "", "there is no policy in it", "write one, or delete the resource"));
    }
    List<CedarError> errors = check.problems(PolicySet.of(templates));
    if (!errors.isEmpty()) {
      throw new CedarParseException(errors);
    }
  }

  /** With line and column in the text of the policy. */
  private static Problem problem(AgentPolicy policy, CedarError error) {
    String place =
        error.line() > 0
            ? "spec.cedar, line " + error.line() + ", column " + error.column()
            : "spec.cedar";
    return problem(policy, place, error.text(), error.message(), error.suggestion());
  }

  private static Problem problem(
      AgentPolicy policy, String field, String value, String reason, String fix) {
    return new Problem(policy.key().toString(), field, value, reason, fix);
  }
}
