package io.margay.app.cli.policy;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ConsoleFlows;
import io.margay.app.cli.DurationConverter;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.flows.Flow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Where recorded flows are: a console, or a file. */
public final class FlowSource {
  private static final Duration DAY = Duration.ofHours(24);

  @Spec(Target.MIXEE)
  private CommandSpec spec;

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

  /**
   * The flows; empty where resources come from a folder and nothing says where flows are.
   *
   * @throws ParameterException if the options exclude each other
   * @throws CommandFailure if the flows cannot be read
   */
  public Optional<List<Flow>> read(StoreOptions store) throws IOException {
    if (flowFile != null) {
      if (since != null || console != null) {
        throw new ParameterException(
            spec.commandLine(),
            "--flows takes all flows of its file: leave out --since, --console");
      }
      return Optional.of(FlowRecords.read(flowFile));
    }
    if (store.isFolder() && console == null) {
      if (since != null) {
        throw new CommandFailure(
            "--since asks a console: name it with --console, or the flows with --flows FILE");
      }
      return Optional.empty();
    }
    return Optional.of(
        FlowRecords.of(
            ConsoleFlows.since(Optional.ofNullable(console), since == null ? DAY : since),
            "the console"));
  }
}
