package io.margay.app.cli.policy;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.model.assertion.Assertion;
import io.margay.model.manifest.Decoded;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.Kind;
import io.margay.model.resource.PolicyAssertion;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.proof.Proof;
import io.margay.policy.proof.Proof.Result;
import io.margay.policy.proof.Prover;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay policy prove}. */
@Command(
    name = "prove",
    description = {
      "Proves assertions over every peer and port, or prints a packet that contradicts them.",
      "  never env == \"dev\" -> env == \"prod\"",
      "  always role == \"frontend\" -> app == \"api\" : tcp/8080",
      "  only {role == \"api\", 10.1.0.0/16} -> app == \"payments\"",
      "Exit status: 0 all proven, 3 one failed, 4 none failed and one has a warning."
    },
    mixinStandardHelpOptions = true)
public final class ProveCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|EXPR",
      arity = "0..*",
      description = "An assertion, or a file with one in each line; # begins a comment.")
  private List<String> inputs = List.of();

  @Option(
      names = "--assertions",
      description = "Prove what the PolicyAssertions of the cluster or folder say.")
  private boolean stored;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Mixin private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() throws IOException {
    if (inputs.isEmpty() && !stored) {
      throw new ParameterException(
          spec.commandLine(), "prove: write an assertion, name a file, or give --assertions");
    }
    List<Assertion> assertions = assertions();
    Prover prover;
    try (ResourceStore store = storeOptions.open()) {
      if (stored) {
        assertions.addAll(stored(store));
      }
      prover = new Prover(StoredResources.of(store), Failsafes.CALICO);
    }
    List<Proof> proofs = assertions.stream().map(prover::prove).toList();
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> new ProofText(out).print(ProofJson.of(proofs));
      case json -> out.println(ProofJson.of(proofs).toPrettyString());
    }
    out.flush();
    return status(proofs);
  }

  private static int status(List<Proof> proofs) {
    List<Result> results = proofs.stream().map(Proof::result).toList();
    if (results.contains(Result.FAILED)) {
      return ErrorReport.CONTRADICTED;
    }
    return results.contains(Result.WARNING) ? ErrorReport.DOUBTFUL : 0;
  }

  private static List<Assertion> stored(ResourceStore store) {
    List<Assertion> assertions = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (KubeObject object : store.list(Kind.POLICY_ASSERTION, "").items()) {
      Decoded decoded = ResourceDecoder.decode(object);
      decoded.problems().forEach(problem -> wrong.add(problem.toString()));
      if (decoded.resource() instanceof PolicyAssertion asserted) {
        asserted.statements().stream()
            .flatMap(statement -> Stream.ofNullable(statement.assertion()))
            .forEach(assertions::add);
      }
    }
    if (!wrong.isEmpty()) {
      throw CommandFailure.ofLines(wrong);
    }
    if (assertions.isEmpty()) {
      throw new CommandFailure("there is no PolicyAssertion to prove");
    }
    return assertions;
  }

  private List<Assertion> assertions() throws IOException {
    List<Assertion> assertions = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (String input : inputs) {
      try {
        if (input.contains("->")) {
          assertions.add(Assertion.parse(input));
        } else {
          assertions.addAll(StatementFile.read(Path.of(input), "an assertion", Assertion::parse));
        }
      } catch (IllegalArgumentException e) {
        wrong.add(String.valueOf(e.getMessage()));
      } catch (CommandFailure e) {
        wrong.addAll(e.lines());
      }
    }
    if (!wrong.isEmpty()) {
      throw CommandFailure.ofLines(wrong);
    }
    return assertions;
  }
}
