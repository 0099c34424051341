package io.margay.app.cli.cedar;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.TextOrJson;
import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.conform.EntitiesReader;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.schema.Schema;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay cedar authorize}: decides one request. */
@Command(
    name = "authorize",
    description = {
      "Decides a request, as Cedar does: a policy that cannot be evaluated counts as not"
          + " satisfied.",
      "Exit codes: 0 allowed, 2 denied, 1 it could not be decided."
    },
    mixinStandardHelpOptions = true)
public final class AuthorizeCommand implements Callable<Integer> {
  static final int DENIED = 2;

  @Spec private CommandSpec spec;
  @Mixin private PolicyOptions policies;
  @Mixin private SchemaOptions schemas;
  @Mixin private RequestOptions requests;

  @Option(
      names = "--entities",
      paramLabel = "FILE",
      description = "The entities in JSON; none if it is left out.")
  private @Nullable Path entities;

  @Option(
      names = {"-v", "--verbose"},
      description = "Also tell the policies that decided.")
  private boolean verbose;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Override
  public Integer call() {
    PolicySet set = policies.read();
    Optional<Schema> schema = schemas.read();
    Entities store = CedarFiles.read(() -> entities(schema));
    Request request = requests.read(schema);
    Decision decision = Authorizer.of(set).decide(request, store);
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case text -> print(decision, out);
      case json -> out.println(json(decision).toPrettyString());
    }
    return decision.isAllowed() ? 0 : DENIED;
  }

  private Entities entities(Optional<Schema> schema) {
    if (entities == null) {
      return schema.map(s -> Entities.of(EntitiesReader.actions(s))).orElse(Entities.EMPTY);
    }
    return schema.isPresent()
        ? EntitiesReader.read(CedarFiles.text(entities), schema.get())
        : EntityJson.readAll(CedarFiles.text(entities));
  }

  private void print(Decision decision, PrintWriter out) {
    out.println(decision.verdict());
    decision.errors().forEach(error -> out.println("error: " + error));
    if (!verbose) {
      return;
    }
    out.println();
    if (decision.reasons().isEmpty()) {
      out.println("no policies applied to this request");
      return;
    }
    out.println("this decision was due to the following policies:");
    decision.reasons().forEach(id -> out.println("  " + id));
  }

  private static ObjectNode json(Decision decision) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("decision", decision.isAllowed() ? "allow" : "deny");
    decision.reasons().forEach(node.putArray("reasons")::add);
    var errors = node.putArray("errors");
    decision
        .errors()
        .forEach(error ->
            errors.addObject().put("policy", error.policyId()).put("message", error.message()));
    return node.put("policySet", decision.policySetHash());
  }
}
