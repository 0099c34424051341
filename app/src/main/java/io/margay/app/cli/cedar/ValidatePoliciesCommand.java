package io.margay.app.cli.cedar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.TextOrJson;
import io.margay.cedar.CedarError;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.validate.ValidationMode;
import io.margay.cedar.validate.ValidationProblem;
import io.margay.cedar.validate.ValidationReport;
import io.margay.cedar.validate.Validator;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar validate}: checks policies against a schema. */
@Command(
    name = "validate",
    description = {
      "Checks policies against a schema.",
      "Exit codes: 0 valid, 3 not valid, 1 an input could not be read."
    },
    mixinStandardHelpOptions = true)
public final class ValidatePoliciesCommand implements Callable<Integer> {
  static final int INVALID = 3;

  @Spec private CommandSpec spec;
  @Mixin private PolicyOptions policies;
  @Mixin private SchemaOptions schemas;

  @Option(
      names = "--validation-mode",
      paramLabel = "MODE",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Mode mode = Mode.strict;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "Refuse policies that follow more than N references between entities.")
  private @Nullable Integer level;

  @Option(names = "--deny-warnings", description = "Warnings make the policies invalid, too.")
  private boolean denyWarnings;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  /** The modes as they are written on the command line. */
  enum Mode {
    strict,
    permissive
  }

  @Override
  public Integer call() {
    PolicySet set = policies.read();
    Validator validator = new Validator(schemas.readRequired());
    ValidationMode strictness =
        mode == Mode.strict ? ValidationMode.STRICT : ValidationMode.PERMISSIVE;
    ValidationReport report =
        level == null
            ? validator.validate(set, strictness)
            : validator.validate(set, strictness, level);
    boolean valid = report.passed() && !(denyWarnings && !report.warnings().isEmpty());
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case text -> print(report, valid, out);
      case json -> out.println(json(report, valid).toPrettyString());
    }
    return valid ? 0 : INVALID;
  }

  private static void print(ValidationReport report, boolean valid, PrintWriter out) {
    report.errors().forEach(problem -> out.println("error: " + problem));
    report.warnings().forEach(problem -> out.println("warning: " + problem));
    out.println(valid ? "policy set validation passed" : "policy set validation failed");
  }

  private static ObjectNode json(ValidationReport report, boolean valid) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("valid", valid);
    add(node.putArray("errors"), report.errors());
    add(node.putArray("warnings"), report.warnings());
    return node;
  }

  private static void add(ArrayNode into, List<ValidationProblem> problems) {
    for (ValidationProblem problem : problems) {
      CedarError error = problem.asError();
      into.addObject()
          .put("policy", problem.policyId())
          .put("kind", problem.kind().name().toLowerCase(Locale.ROOT))
          .put("file", error.file())
          .put("line", error.line())
          .put("column", error.column())
          .put("text", error.text())
          .put("message", problem.message())
          .put("suggestion", problem.suggestion());
    }
  }
}
