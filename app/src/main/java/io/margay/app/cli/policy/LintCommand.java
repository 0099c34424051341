package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.PolicySet;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.RuleUse;
import io.margay.policy.engine.RuleUse.Worth;
import io.margay.policy.proof.RuleCheck;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay policy lint}. */
@Command(
    name = "lint",
    description = {
      "Lists rules without which every verdict would be the same, each with what covers it, over"
          + " every peer and port.",
      "  shadowed   all that it matches is decided before it",
      "  redundant  all that it decides would be decided alike without it",
      "  unmatched  it matches nothing of what there is now",
      "Exit status: 0 every rule is needed, 3 one is shadowed or redundant, 4 none is and one is"
          + " unmatched."
    },
    mixinStandardHelpOptions = true)
public final class LintCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private final StoreOptions storeOptions = new StoreOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "POLICIES",
      description =
          "A file, or a folder with all below it: its policies, tiers, network sets and profiles"
              + " instead of the cluster's.")
  private @Nullable Path policies;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() throws IOException {
    Map<ResourceKey, Resource> resources;
    PolicySet instead = policies == null ? null : PolicySet.read(policies);
    try (ResourceStore store = storeOptions.open()) {
      resources = StoredResources.of(store);
    }
    if (instead != null) {
      resources = instead.in(resources);
    }
    List<RuleUse> uses = RuleCheck.of(resources, Failsafes.CALICO);
    JsonNode json = LintJson.of(uses);
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> LintText.print(json, out);
      case json -> out.println(json.toPrettyString());
    }
    out.flush();
    return status(uses.stream().map(RuleUse::worth).collect(Collectors.toSet()));
  }

  private static int status(Set<Worth> found) {
    if (found.contains(Worth.SHADOWED) || found.contains(Worth.REDUNDANT)) {
      return ErrorReport.CONTRADICTED;
    }
    return found.contains(Worth.UNMATCHED) ? ErrorReport.DOUBTFUL : 0;
  }
}
