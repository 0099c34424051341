package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ConsoleFlows;
import io.margay.app.cli.DurationConverter;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.resources.ChangeOptions;
import io.margay.app.cli.resources.PlannedChange;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.StoredResources;
import io.margay.console.preview.ChangePreview;
import io.margay.flows.Flow;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.engine.Failsafes;
import io.margay.policy.engine.Scope;
import io.margay.policy.proof.Expectation;
import io.margay.policy.proof.TwoStates;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
  private static final Duration DAY = Duration.ofHours(24);

  @Spec private CommandSpec spec;
  @Mixin private final ChangeOptions change = new ChangeOptions();
  @Mixin private final StoreOptions storeOptions = new StoreOptions();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How far to look back in the console's flows, such as 1h; 24h if not given.")
  private @Nullable Duration since;

  @Option(
      names = "--flows",
      paramLabel = "FILE",
      description = "Recorded flows: what margay flows -o json prints, or exported lines of JSON.")
  private @Nullable Path flowFile;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description =
          "The console that knows the flows (default: that of the running demo, or of margay up;"
              + " with --from none).")
  private @Nullable String console;

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
    if (flowFile != null && (since != null || console != null)) {
      throw new ParameterException(
          spec.commandLine(), "--flows takes all flows of its file: leave out --since, --console");
    }
    List<Expectation> expectations =
        expected == null
            ? List.of()
            : StatementFile.read(expected, "an expectation", Expectation::parse);
    PlannedChange planned = change.read(System.in);
    Map<ResourceKey, Resource> before;
    try (ResourceStore store = storeOptions.open()) {
      before = StoredResources.of(store);
    }
    TwoStates states =
        TwoStates.of(before, planned.applyTo(before), Scope.allNodes(), Failsafes.CALICO);
    ChangePreview preview = new ChangePreview(states, planned.staged(), expectations);
    Optional<List<Flow>> flows = flows();
    PreviewReport report =
        new PreviewReport(
            planned.statements(before),
            planned.staged(),
            flows.map(preview::judge),
            preview.comparison().differences(),
            expected != null);
    print(PreviewJson.of(report, states, preview.comparison().places()));
    return status(report);
  }

  private Optional<List<Flow>> flows() throws IOException {
    if (flowFile != null) {
      return Optional.of(FlowRecords.read(flowFile));
    }
    if (storeOptions.isFolder() && console == null) {
      if (since != null) {
        throw new CommandFailure(
            "--since asks a console: name it with --console, or the flows with --flows FILE");
      }
      return Optional.empty();
    }
    List<JsonNode> records =
        ConsoleFlows.since(Optional.ofNullable(console), since == null ? DAY : since);
    return Optional.of(FlowRecords.of(records, "the console"));
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

  private static int status(PreviewReport report) {
    if (report.contradicted()) {
      return ErrorReport.CONTRADICTED;
    }
    return report.doubtful() ? ErrorReport.DOUBTFUL : 0;
  }
}
