package io.margay.app.cli;

import io.margay.app.vector.TestFiles;
import io.margay.app.vector.VectorSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay policy test}. */
@Command(
    name = "test",
    description = {
      "Plays vector files (schemas connectivity/1 and selectors/1) and compares verdicts and traces.",
      "Folders are searched for them. The last line is \"N passed, M failed\"."
    },
    mixinStandardHelpOptions = true)
public final class PolicyTestCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE|DIR", arity = "1..*", description = "What to play.")
  private List<Path> paths;

  @Option(
      names = "--dataplane",
      paramLabel = "NAME",
      description = {
        "${COMPLETION-CANDIDATES}. SIMULATED decides in memory with the decision tables; NFTABLES",
        "sends real packets between network namespaces."
      })
  private TestDataplane dataplane = TestDataplane.SIMULATED;

  /** What plays the vectors. */
  public enum TestDataplane {
    SIMULATED,
    NFTABLES
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<Path> files = TestFiles.in(paths);
    try (VectorSession session =
        switch (dataplane) {
          case SIMULATED -> VectorSession.inMemory(out);
          case NFTABLES -> VectorSession.withPackets(out);
        }) {
      files.forEach(session::play);
      out.println(session.summary());
      return session.failed() == 0 ? 0 : ErrorReport.FAILED;
    }
  }
}
