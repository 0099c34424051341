package io.margay.app.cli.audit;

import io.margay.agents.audit.log.LogFiles;
import io.margay.app.cli.CommandFailure;
import io.margay.app.state.StateFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the log is. */
final class LogOption {
  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "The log's directory (default: audit in the state folder).")
  private @Nullable Path directory;

  Path directory() {
    return directory == null ? StateFolder.ofUser().root().resolve("audit") : directory;
  }

  /** The files of a log that is there. */
  LogFiles files() {
    LogFiles files = new LogFiles(directory());
    if (!Files.isDirectory(files.segments())) {
      throw new CommandFailure(
          directory() + ": there is no audit log; name its directory with --dir");
    }
    return files;
  }
}
