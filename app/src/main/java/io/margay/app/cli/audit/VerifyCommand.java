package io.margay.app.cli.audit;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.agents.audit.merkle.NoteKey;
import io.margay.agents.audit.verify.Report;
import io.margay.agents.audit.verify.Verifier;
import io.margay.app.cli.TextOrJson;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** {@code margay audit verify}: the proof. */
@Command(
    name = "verify",
    description = {
      "Verifies a log or an export of one, from its files alone: each record's form and place in the",
      "chain, and the tree's root at each signed checkpoint.",
      "Exit codes: 0 verified, 1 not."
    },
    mixinStandardHelpOptions = true)
public final class VerifyCommand implements Callable<Integer> {
  private static final int NOT_VERIFIED = 1;

  @Spec private CommandSpec spec;
  @Mixin private LogOption log;

  @Parameters(
      arity = "0..1",
      paramLabel = "EXPORT",
      description = "A file or a directory that margay audit export wrote, instead of --dir.")
  private @Nullable Path export;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "The log's verifier key, or a file with it; without it, the one beside the"
              + " records is taken.")
  private @Nullable String key;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description =
          "A checkpoint that was kept elsewhere: the log must agree with it. May be given"
              + " several times.")
  private List<Path> checkpoints = new ArrayList<>();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Override
  public Integer call() throws IOException {
    Path place = export == null ? log.directory() : export;
    List<String> notes = new ArrayList<>();
    for (Path file : checkpoints) {
      notes.add(Files.readString(file));
    }
    Report report = Answers.of(() -> Verifier.verify(place, key(), notes));
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case json -> out.println(json(report).toPrettyString());
      case text -> {
        report.problems().forEach(problem -> out.println(RecordTable.plain(problem)));
        report.remarks().forEach(remark -> out.println("note: " + RecordTable.plain(remark)));
        out.println(report.summary());
      }
    }
    out.flush();
    return report.isVerified() ? 0 : NOT_VERIFIED;
  }

  private Optional<NoteKey> key() throws IOException {
    if (key == null) {
      return Optional.empty();
    }
    Path file = Path.of(key);
    return Optional.of(NoteKey.parse(Files.isRegularFile(file) ? Files.readString(file) : key));
  }

  private static ObjectNode json(Report report) {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("verified", report.isVerified()).put("records", report.records());
    json.put("treeSize", report.size()).put("root", report.root().base64());
    json.put("checkpoints", report.checkpoints());
    report.problems().forEach(json.putArray("problems")::add);
    report.remarks().forEach(json.putArray("notes")::add);
    return json;
  }
}
