package io.margay.app.cli.cedar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.TextOrJson;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.conform.EntitiesReader;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.kernel.KernelCompiler;
import io.margay.cedar.kernel.KernelProgram;
import io.margay.cedar.kernel.PolicyCoverage;
import io.margay.cedar.kernel.PolicyCoverage.ClauseCoverage;
import io.margay.cedar.kernel.Rule;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.EntityUid;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar coverage}: what of the policies the kernel can enforce. */
@Command(
    name = "coverage",
    description = {
      "Tells for each policy and clause whether the gateway, the kernel or both enforce it, and"
          + " why",
      "not; with --principal also the rules that the kernel would get for it."
    },
    mixinStandardHelpOptions = true)
public final class CoverageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private PolicyOptions policies;
  @Mixin private SchemaOptions schemas;

  @Option(
      names = {"-l", "--principal"},
      paramLabel = "ENTITY",
      description = "Compile the rules of this principal, such as Agent::\"a\".")
  private @Nullable String principal;

  @Option(
      names = "--entities",
      paramLabel = "FILE",
      description = "The entities in JSON, with the principal.")
  private @Nullable Path entities;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Override
  public Integer call() {
    Schema schema = schemas.readRequired();
    PolicySet set = policies.read();
    KernelCompiler compiler = CedarFiles.read(() -> new KernelCompiler(schema, set));
    List<PolicyCoverage> coverage = compiler.coverage();
    KernelProgram program = principal == null ? null : program(compiler, principal, schema);
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case text -> {
        coverage.forEach(policy -> print(policy, out));
        if (program != null) {
          print(program, out);
        }
      }
      case json -> out.println(json(coverage, program).toPrettyString());
    }
    return 0;
  }

  private KernelProgram program(KernelCompiler compiler, String text, Schema schema) {
    return CedarFiles.read(() -> {
      EntityUid uid = CedarParser.entityUid(new SourceText("--principal", text));
      Entities store =
          entities == null
              ? Entities.of(EntitiesReader.actions(schema))
              : EntitiesReader.read(CedarFiles.text(entities), schema);
      return compiler.compile(uid, store);
    });
  }

  private static String placement(PolicyCoverage policy) {
    return policy.placement().name().toLowerCase(Locale.ROOT);
  }

  private static void print(PolicyCoverage policy, PrintWriter out) {
    out.println(policy.policyId() + ": " + placement(policy) + ", " + policy.note());
    for (ClauseCoverage clause : policy.clauses()) {
      out.printf(
          "  %-10s %-8s %s%n",
          clause.clause(), clause.inKernel() ? "kernel" : "gateway", clause.reason());
    }
  }

  private static void print(KernelProgram program, PrintWriter out) {
    out.println();
    out.println("rules for " + program.principal() + ":");
    program
        .operations()
        .forEach((operation, rules) -> {
          out.println(
              "  "
                  + operation.text()
                  + " by "
                  + named(rules.backends())
                  + ", else "
                  + rules.errno());
          rules.allow().forEach(rule -> out.println("    allow " + described(rule)));
          rules
              .deny()
              .forEach(deny -> out.println("    deny  " + deny.rule() + ", " + deny.errno()));
        });
  }

  private static String described(Rule rule) {
    return rule + ", by " + named(rule.backends());
  }

  private static String named(Set<Rule.Backend> backends) {
    return backends.stream()
        .map(backend -> backend.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" or "));
  }

  private static ObjectNode json(List<PolicyCoverage> coverage, @Nullable KernelProgram program) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode policies = node.putArray("policies");
    for (PolicyCoverage policy : coverage) {
      ObjectNode written =
          policies
              .addObject()
              .put("policy", policy.policyId())
              .put("placement", placement(policy))
              .put("note", policy.note());
      ArrayNode clauses = written.putArray("clauses");
      policy
          .clauses()
          .forEach(clause ->
              clauses
                  .addObject()
                  .put("clause", clause.clause())
                  .put("enforced", clause.inKernel() ? "kernel" : "gateway")
                  .put("reason", clause.reason()));
    }
    if (program != null) {
      ObjectNode operations = node.putObject("program").putObject("operations");
      program
          .operations()
          .forEach((operation, rules) -> {
            ObjectNode written = operations.putObject(operation.text());
            written.put("errno", rules.errno());
            rules.allow().forEach(rule -> add(written.withArray("allow"), rule));
            rules
                .deny()
                .forEach(
                    deny -> add(written.withArray("deny"), deny.rule()).put("errno", deny.errno()));
          });
    }
    return node;
  }

  private static ObjectNode add(ArrayNode into, Rule rule) {
    ObjectNode node = into.addObject().put("policy", rule.policyId());
    rule.all().forEach(match -> node.withArray("all").add(match.toString()));
    rule.none().forEach(match -> node.withArray("none").add(match.toString()));
    rule.backends().forEach(b -> node.withArray("backends").add(b.name().toLowerCase(Locale.ROOT)));
    return node;
  }
}
