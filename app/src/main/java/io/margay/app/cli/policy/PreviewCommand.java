package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.resources.ChangeOptions;
import io.margay.app.cli.resources.PlannedChange;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.model.assertion.Expectation;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay policy preview}. */
@Command(
    name = "preview",
    description = {
      "Says which verdicts a change would turn: of recorded flows, and of all traffic between the"
          + " endpoints there are. Nothing is changed.",
      "Exit status: 0 no verdict turns, 3 one does, 4 none does as far as the records tell.",
      "With --expect: 0 just what is expected turns, 3 something else does or something does not."
    },
    mixinStandardHelpOptions = true)
public final class PreviewCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change = new ChangeOptions();
  @Mixin private final StoreOptions storeOptions = new StoreOptions();

  @Mixin private final FlowSource flows = new FlowSource();

  @Option(
      names = "--expect",
      paramLabel = "FILE",
      description = "What is meant to change, a line each: deny|allow FROM -> TO [ : tcp/80].")
  private @Nullable Path expected;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.table;

  /** How the preview is printed. */
  enum Output {
    table,
    json,
    junit
  }

  @Override
  public Integer call() throws IOException {
    Optional<List<Expectation>> expectations =
        expected == null
            ? Optional.empty()
            : Optional.of(StatementFile.read(expected, "an expectation", Expectation::parse));
    PlannedChange planned = change.read(System.in);
    Map<ResourceKey, Resource> before;
    try (ResourceStore store = storeOptions.open()) {
      before = StoredResources.of(store);
    }
    Previewed previewed = Previewed.of(before, planned, flows.read(storeOptions), expectations);
    print(previewed.json());
    return previewed.exitStatus();
  }

  private void print(JsonNode report) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> new PreviewText(out).print(report);
      case json -> out.println(report.toPrettyString());
      case junit -> out.print(PreviewJunit.of(report));
    }
    out.flush();
  }
}
