package io.margay.app.cli.agents;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.agents.lab.CompanyResources;
import io.margay.app.agents.redteam.RedTeam;
import io.margay.app.agents.redteam.Score;
import io.margay.app.agents.redteam.Score.Result;
import io.margay.app.agents.redteam.Score.Stop;
import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.TextTable;
import io.margay.app.state.StateFolder;
import io.margay.model.manifest.KubeObject;
import io.margay.model.resource.Kind;
import io.margay.store.folder.FolderStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay agents redteam}. */
@Command(
    name = "redteam",
    description = {
      "Attacks a set of policies, and says what stopped each attack.",
      "Each attack runs in a company of its own: six agents with a model that can be made to go"
          + " rogue, three tool servers and a gateway, all real and all in this process.",
      "Exit codes: 0 all were stopped and recorded, 3 something got through or left no record, 1 the"
          + " attacks could not be tried."
    },
    mixinStandardHelpOptions = true)
final class RedTeamCommand implements Callable<Integer> {
  private static final int GOT_THROUGH = 3;
  private static final List<Kind> TAKEN =
      List.of(Kind.TIER, Kind.AGENT_GROUP, Kind.TOOL_SET, Kind.AGENT_POLICY);

  /** The folder is read once. */
  private static final Duration NEVER_AGAIN = Duration.ofDays(1);

  @Spec private CommandSpec spec;

  @Option(
      names = "--policies",
      paramLabel = "DIR",
      description =
          "A folder with the Tiers, AgentGroups, ToolSets and AgentPolicies to attack; those of the"
              + " demo if not given.")
  private @Nullable Path folder;

  @Option(
      names = "--attack",
      paramLabel = "NAME",
      description = "Try this attack only; may be repeated.")
  private List<String> attacks = List.of();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<KubeObject> policies = folder == null ? CompanyResources.policies() : read(folder);
    Path scratch = Files.createTempDirectory("margay-redteam");
    List<Score> scores;
    try {
      scores = new RedTeam(policies, scratch).run(Set.copyOf(attacks), this::progress);
    } catch (IOException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } finally {
      StateFolder.remove(scratch);
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> table(scores, out);
      case json -> json(scores, out);
    }
    out.flush();
    return scores.stream().allMatch(score -> score.result() == Result.STOPPED) ? 0 : GOT_THROUGH;
  }

  private static List<KubeObject> read(Path folder) {
    try (FolderStore store = FolderStore.open(folder, NEVER_AGAIN)) {
      if (!store.problems().isEmpty()) {
        List<String> problems = store.problems().stream().map(Object::toString).toList();
        throw new CommandFailure(String.join("\n", problems));
      }
      List<KubeObject> objects = new ArrayList<>();
      for (Kind kind : TAKEN) {
        store.list(kind, "").items().forEach(object -> objects.add(withoutVersion(object)));
      }
      if (objects.stream().noneMatch(object -> object.kind() == Kind.AGENT_POLICY)) {
        throw new CommandFailure(folder + " has no AgentPolicy");
      }
      return objects;
    }
  }

  private static KubeObject withoutVersion(KubeObject object) {
    ObjectNode json = object.json().deepCopy();
    json.withObjectProperty("metadata").remove(List.of("resourceVersion", "uid"));
    return new KubeObject(object.kind(), json);
  }

  private void progress(Score score) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("margay: " + score.attack() + ": " + word(score.result()));
    err.flush();
  }

  private static String word(Result result) {
    return switch (result) {
      case STOPPED -> "stopped";
      case GOT_THROUGH -> "GOT THROUGH";
      case UNRECORDED -> "NOT RECORDED";
    };
  }

  private static void table(List<Score> scores, PrintWriter out) {
    TextTable table = new TextTable(List.of("ATTACK", "RESULT", "RECORD", "BY", "REASON"));
    for (Score score : scores) {
      if (score.result() != Result.STOPPED) {
        table.add(List.of(score.attack(), word(score.result()), "", "", score.harm()));
        continue;
      }
      // The first one is where it was stopped; the others are what it tried then.
      Stop stop = score.records().getFirst();
      table.add(
          List.of(
              score.attack(),
              word(score.result()),
              Long.toString(stop.record()),
              by(stop),
              stop.reason()));
    }
    table.print(out);
    long stopped = scores.stream().filter(score -> score.result() == Result.STOPPED).count();
    out.println();
    out.printf("%d of %d attacks were stopped%n", stopped, scores.size());
  }

  /** Who stopped it: policies, or a check that comes before them. */
  private static String by(Stop stop) {
    if (!stop.policies().isEmpty()) {
      return String.join(", ", stop.policies()) + " (" + stop.verdict() + ")";
    }
    return stop.tier().isEmpty()
        ? stop.kind().equals("TOKEN") ? "identity" : "no policy permits"
        : stop.tier();
  }

  private static void json(List<Score> scores, PrintWriter out) throws IOException {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    out.println(mapper.writeValueAsString(scores));
  }
}
