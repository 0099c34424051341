package io.margay.app.cli.resources;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ConsolePolicyUse;
import io.margay.console.policies.PolicyNames;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceKey;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay get KIND [NAME…]}. */
@Command(name = "get", mixinStandardHelpOptions = true, description = "Shows resources.")
public final class GetCommand implements Callable<Integer> {
  @Mixin private final StoreOptions source = new StoreOptions();
  @Mixin private final NamespaceOption namespace = new NamespaceOption();
  @Mixin private final InputOptions input = new InputOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "ps",
      description =
          "ps, wide, yaml, json, name, custom-columns=NAME,TIER or custom-columns=HEADING:.path,…"
              + " (default: ${DEFAULT-VALUE}).")
  private String format = "ps";

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces.")
  private boolean allNamespaces;

  @Option(
      names = "--export",
      description = "Leave out what belongs to this cluster, so that it can be applied elsewhere.")
  private boolean export;

  @Option(
      names = "--show-managed-fields",
      description =
          "With -o yaml and json: also metadata.managedFields, which tell who wrote what.")
  private boolean showManagedFields;

  @Option(
      names = "--show-policy-activities",
      description =
          "With -o ps and wide: also when each policy was last evaluated, as the console knows it.")
  private boolean showPolicyActivities;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description =
          "The console to ask for that (default: that of the running demo, or of margay up).")
  private @Nullable String console;

  @Parameters(arity = "0..*", paramLabel = "KIND NAME", description = "What to show.")
  private List<String> words = List.of();

  @Spec private CommandSpec spec;

  private final Clock clock = Clock.systemUTC();

  @Override
  public Integer call() throws Exception {
    OutputFormat output = OutputFormat.parse(format);
    boolean single = false;
    List<KubeObject> found;
    try (ResourceStore store = source.open()) {
      if (input.given() && words.isEmpty()) {
        List<KubeObject> asked =
            ResourceWriter.ordered(input.read(System.in, namespace.orDefault()));
        single = asked.size() == 1;
        found = asked.stream().map(object -> existing(store, object.key())).toList();
      } else if (!words.isEmpty() && !input.given()) {
        ResourceTarget target = ResourceTarget.parse(words, namespace);
        single = target.names().size() == 1;
        found = find(store, target);
      } else {
        throw new CommandFailure("say what to show: KIND, KIND NAME or -f FILE, one of them");
      }
    }
    if (export) {
      found = found.stream().map(GetCommand::exported).toList();
    }
    if (!showManagedFields && output instanceof OutputFormat.Document) {
      found = found.stream().map(GetCommand::withoutManagedFields).toList();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (found.isEmpty() && !format.equals("json") && !format.equals("yaml")) {
      spec.commandLine()
          .getErr()
          .println(
              allNamespaces
                  ? "No resources found"
                  : "No resources found in namespace " + namespace.orDefault());
    } else {
      output.print(
          new OutputFormat.Found(
              found, allNamespaces, single, clock.instant(), activities(output, found)),
          out);
    }
    out.flush();
    return 0;
  }

  private Optional<PolicyActivities> activities(OutputFormat output, List<KubeObject> found) {
    if (!showPolicyActivities || !(output instanceof OutputFormat.Table)) {
      return Optional.empty();
    }
    if (found.stream().noneMatch(object -> PolicyNames.isPolicy(object.kind()))) {
      throw new CommandFailure(
          "--show-policy-activities: only policies have any; ask for np, gnp, knp, cnp, snp, sgnp"
              + " or sknp");
    }
    // Only the times of use are shown, so it does not matter since when something is unused.
    return Optional.of(
        PolicyActivities.of(
            ConsolePolicyUse.since(Optional.ofNullable(console), Duration.ofSeconds(1))));
  }

  private List<KubeObject> find(ResourceStore store, ResourceTarget target) {
    if (!target.names().isEmpty()) {
      return target.objects().stream().map(object -> existing(store, object.key())).toList();
    }
    List<KubeObject> found = new ArrayList<>();
    for (Kind kind : target.kinds()) {
      String where = kind.namespaced() && !allNamespaces ? target.namespace() : "";
      found.addAll(store.list(kind, where).items());
    }
    return found;
  }

  private static KubeObject existing(ResourceStore store, ResourceKey key) {
    return store
        .get(key)
        .orElseThrow(() -> new CommandFailure(ResourceWriter.name(key) + ": does not exist"));
  }

  /** Who wrote which field is long, and rarely what somebody wants to read. */
  private static KubeObject withoutManagedFields(KubeObject object) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata").remove("managedFields");
    return new KubeObject(object.kind(), json);
  }

  private static KubeObject exported(KubeObject object) {
    ObjectNode json = object.json().deepCopy();
    json.remove("status");
    json.withObjectProperty("metadata")
        .remove(
            List.of(
                "uid",
                "resourceVersion",
                "generation",
                "creationTimestamp",
                "managedFields",
                "ownerReferences"));
    return new KubeObject(object.kind(), json);
  }
}
