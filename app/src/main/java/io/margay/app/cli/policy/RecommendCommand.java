package io.margay.app.cli.policy;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicyYaml;
import io.margay.console.recommend.FlowObservations;
import io.margay.console.recommend.StoreRecommendations;
import io.margay.flows.Flow;
import io.margay.model.manifest.KubeObject;
import io.margay.policy.recommend.Observation;
import io.margay.policy.recommend.Recommendations;
import io.margay.policy.recommend.Recommender;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay policy recommend}. */
@Command(
    name = "recommend",
    description = {
      "Prints staged policies that allow what was seen and allowed, and deny all else.",
      "Nothing is changed. What was left out or made wider is told on standard error."
    },
    mixinStandardHelpOptions = true)
public final class RecommendCommand implements Callable<Integer> {
  private static final List<String> SYSTEM = List.of("kube-", "calico-", "tigera-");

  @Spec private CommandSpec spec;
  @Mixin private final StoreOptions storeOptions = new StoreOptions();
  @Mixin private final FlowSource flowSource = new FlowSource();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description =
          "Only policies of this namespace (default: all but kube-*, calico-* and tigera-*, and"
              + " host endpoints).")
  private @Nullable String namespace;

  @Option(
      names = "--per",
      defaultValue = "workload",
      description = "What gets a policy: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Per per = Per.workload;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "yaml",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.yaml;

  enum Per {
    workload(Recommender.Scope.WORKLOAD),
    namespace(Recommender.Scope.NAMESPACE);

    private final Recommender.Scope scope;

    Per(Recommender.Scope scope) {
      this.scope = scope;
    }
  }

  enum Output {
    yaml,
    json
  }

  @Override
  public Integer call() throws IOException {
    List<Flow> flows =
        flowSource
            .read(storeOptions)
            .orElseThrow(() ->
                new CommandFailure(
                    "a folder has no flows: name a file with --flows FILE, or a console with"
                        + " --console"));
    Recommendations recommended;
    Set<String> unused;
    try (ResourceStore store = storeOptions.open()) {
      FlowObservations records = new FlowObservations(ClusterView.of(store));
      List<Observation> seen = records.of(flows);
      unused = records.notes();
      recommended =
          new Recommender(
                  Recommender.Options.of(per.scope),
                  this::wanted,
                  _ -> namespace == null,
                  StoreRecommendations.addresses(store),
                  StoreRecommendations.existing(store))
              .recommend(seen);
    }
    print(recommended.policies());
    PrintWriter err = spec.commandLine().getErr();
    Stream.concat(unused.stream(), recommended.notes().stream()).forEach(err::println);
    err.flush();
    return 0;
  }

  private boolean wanted(String name) {
    return namespace == null ? SYSTEM.stream().noneMatch(name::startsWith) : namespace.equals(name);
  }

  private void print(List<KubeObject> policies) {
    PrintWriter out = spec.commandLine().getOut();
    for (KubeObject policy : policies) {
      switch (output) {
        case yaml -> out.print("---\n" + PolicyYaml.of(policy.json()));
        case json -> out.println(policy.json().toPrettyString());
      }
    }
    out.flush();
  }
}
