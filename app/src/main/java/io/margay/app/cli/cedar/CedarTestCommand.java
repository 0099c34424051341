package io.margay.app.cli.cedar;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.TextOrJson;
import io.margay.cedar.corpus.CorpusRunner;
import io.margay.cedar.corpus.TestRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code margay cedar test}: runs Cedar's official tests. */
@Command(
    name = "test",
    description = {
      "Runs tests in the layout of Cedar's integration tests: DIR/tests and DIR/corpus-tests,",
      "unpacked. Compares validation, decisions, determining policies and erring policies; a test",
      "is one file with all of its requests. The last line is \"N passed, M failed\"."
    },
    mixinStandardHelpOptions = true)
public final class CedarTestCommand implements Callable<Integer> {
  private static final int TESTS_A_LINE = 1_000;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The folder of the tests.")
  private Path folder;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Override
  public Integer call() throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(folder + ": there is no such folder");
    }
    CorpusRunner runner = new CorpusRunner(folder);
    List<Path> files = runner.files();
    if (files.isEmpty()) {
      throw new CommandFailure(folder + ": there are no tests here: expected tests/**/*.json");
    }
    PrintWriter out = spec.commandLine().getOut();
    ArrayNode failed = JsonNodeFactory.instance.arrayNode();
    long requests = 0;
    int done = 0;
    for (Path file : files) {
      TestRun run = runner.run(file);
      requests += run.requests();
      if (!run.passed()) {
        report(run, failed, out);
      }
      if (++done % TESTS_A_LINE == 0) {
        spec.commandLine().getErr().println(done + " of " + files.size() + " tests");
      }
    }
    int passed = files.size() - failed.size();
    switch (output) {
      case text -> {
        out.println(files.size() + " validations and " + requests + " requests in all");
        out.println(passed + " passed, " + failed.size() + " failed");
      }
      case json -> {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("passed", passed).put("failed", failed.size()).put("requests", requests);
        node.set("failures", failed);
        out.println(node);
      }
    }
    return failed.isEmpty() ? 0 : ErrorReport.FAILED;
  }

  private void report(TestRun run, ArrayNode failed, PrintWriter out) {
    ObjectNode node = failed.addObject().put("test", run.file().toString());
    run.failures().forEach(node.putArray("differences")::add);
    if (output == TextOrJson.text) {
      out.println("FAILED " + run.file());
      run.failures().forEach(failure -> out.println("  " + failure));
    }
  }
}
