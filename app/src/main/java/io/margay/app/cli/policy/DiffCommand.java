package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.PolicySet;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.console.preview.PreviewJson;
import io.margay.console.preview.PreviewReport;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.Comparison;
import io.margay.policy.proof.TwoStates;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay policy diff}. */
@Command(
    name = "diff",
    description = {
      "Says whether two sets of policies mean the same for the endpoints of a cluster, over every"
          + " peer and port, and else what they judge differently.",
      "Policies, tiers, network sets and profiles are those of A and B; all else is the cluster's.",
      "Exit status: 0 they mean the same, 3 they do not."
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final StoreOptions storeOptions = new StoreOptions();

  @Parameters(index = "0", paramLabel = "A", description = "A file, or a folder with all below it.")
  private Path one;

  @Parameters(index = "1", paramLabel = "B", description = "Likewise.")
  private Path other;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() throws IOException {
    PolicySet before = PolicySet.read(one);
    PolicySet after = PolicySet.read(other);
    Map<ResourceKey, Resource> cluster;
    try (ResourceStore store = storeOptions.open()) {
      cluster = StoredResources.of(store);
    }
    TwoStates states =
        TwoStates.of(before.in(cluster), after.in(cluster), Scope.allNodes(), Failsafes.CALICO);
    Comparison comparison = new Comparison(states, false, List.of(), List.of());
    PreviewReport report =
        new PreviewReport(
            List.of(one + " -> " + other),
            false,
            Optional.empty(),
            comparison.differences(),
            false);
    JsonNode json = PreviewJson.of(report, states, comparison.places());
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> new PreviewText(out).print(json);
      case json -> out.println(json.toPrettyString());
    }
    out.flush();
    return report.contradicted() ? ErrorReport.CONTRADICTED : 0;
  }
}
