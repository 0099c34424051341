package io.margay.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows flow records of a running demo or node. */
@Command(
    name = "flows",
    description = {
      "Shows who talked to whom, and which policy allowed or denied it.",
      "The shortest way from a denied call to its rule is: margay flows --denied"
    },
    subcommands = FlowsServeCommand.class,
    mixinStandardHelpOptions = true)
public final class FlowsCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .build();
  private static final int REMEMBERED = 10_000;
  private static final Duration RECONNECT_AFTER = Duration.ofMillis(500);

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on and print every flow that has new connections.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = DurationConverter.class,
      description = "How far to look back, such as 30s, 5m or 1h (default: ${DEFAULT-VALUE}).")
  private Duration since = Duration.ofMinutes(5);

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long ago to stop, such as 1m; now if not given.")
  private @Nullable Duration until;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.table;

  @Option(
      names = "--group-by",
      paramLabel = "FIELD",
      description = "Add up by one of ${COMPLETION-CANDIDATES}; most denials first.")
  private @Nullable FlowGroup groupBy;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "The console to ask (default: that of the running demo, or of margay up).")
  private @Nullable String console;

  @ArgGroup(exclusive = false, heading = "Which flows (all of these must agree):%n")
  private FlowFilterOptions wanted = new FlowFilterOptions();

  /** How flows are printed. */
  enum Output {
    table,
    wide,
    json,
    csv,
    yaml
  }

  @Override
  public Integer call() {
    check();
    PrintWriter out = spec.commandLine().getOut();
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      if (follow) {
        follow(client, out);
      } else {
        list(client, out);
      }
    }
    return 0;
  }

  private void check() {
    if (follow && (groupBy != null || until != null)) {
      throw new ParameterException(
          spec.commandLine(), "--follow has no end: leave out --group-by and --until");
    }
    if (until != null && until.compareTo(since) >= 0) {
      throw new ParameterException(
          spec.commandLine(), "--until must be shorter ago than --since, so that a time is left");
    }
  }

  private Map<String, String> query() {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("startTimeGte", ConsoleFlows.ago(since));
    if (until != null && until.toSeconds() > 0) {
      query.put("startTimeLt", ConsoleFlows.ago(until));
    }
    query.put("filters", wanted.filter().toString());
    return query;
  }

  private void list(ConsoleClient client, PrintWriter out) {
    List<JsonNode> flows = ConsoleFlows.all(client, query());
    FlowGroup group = groupBy;
    if (group != null) {
      printSums(FlowSums.of(flows, group), out);
    } else {
      print(flows, out);
    }
    out.flush();
  }

  private void print(List<JsonNode> flows, PrintWriter out) {
    switch (output) {
      case json -> out.println(items(flows).toPrettyString());
      case yaml -> out.print(yaml(items(flows)));
      case csv -> {
        out.println(Csv.line(FlowTable.header(true)));
        flows.reversed().forEach(flow -> out.println(Csv.line(FlowTable.row(flow, true))));
      }
      case table, wide -> {
        if (flows.isEmpty()) {
          out.println("No such flows in the last " + since.toSeconds() + " seconds.");
        } else {
          FlowTable.print(flows.reversed(), output == Output.wide, out);
        }
      }
    }
  }

  private void printSums(List<FlowSums.Sum> sums, PrintWriter out) {
    switch (output) {
      case json ->
          out.println(items(sums.stream().map(FlowSums.Sum::json).toList()).toPrettyString());
      case yaml -> out.print(yaml(items(sums.stream().map(FlowSums.Sum::json).toList())));
      case csv -> {
        out.println(Csv.line(FlowSums.COLUMNS));
        sums.forEach(sum -> out.println(Csv.line(sum.cells())));
      }
      case table, wide -> {
        if (sums.isEmpty()) {
          out.println("No such flows in the last " + since.toSeconds() + " seconds.");
        } else {
          List<List<String>> rows = new ArrayList<>();
          rows.add(FlowSums.COLUMNS);
          sums.forEach(sum -> rows.add(sum.cells()));
          FlowTable.print(rows, out);
        }
      }
    }
  }

  private static ObjectNode items(List<? extends JsonNode> values) {
    ObjectNode list = JSON.createObjectNode();
    ArrayNode items = list.putArray("items");
    values.forEach(items::add);
    return list;
  }

  private static String yaml(JsonNode value) {
    try {
      return YAML.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private void follow(ConsoleClient client, PrintWriter out) {
    switch (output) {
      case table, wide -> FlowTable.printHeader(output == Output.wide, out);
      case csv -> out.println(Csv.line(FlowTable.header(true)));
      case json, yaml -> {}
    }
    Map<String, Long> printed = new Recent();
    String lastId = "";
    while (!out.checkError()) {
      // A stream that broke off is resumed where it ended; one that cannot be is an error.
      lastId =
          client.follow(
              "/api/v1/flows/stream",
              query(),
              lastId,
              flow -> {
                if (hasNewConnections(flow, printed)) {
                  print(flow, out);
                }
              },
              this::tellGap);
      pause();
    }
  }

  private void tellGap(String reason) {
    PrintWriter err = spec.commandLine().getErr();
    err.println("flows may be missing here: " + reason);
    err.flush();
  }

  private static void pause() {
    try {
      Thread.sleep(RECONNECT_AFTER);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("interrupted", e);
    }
  }

  /** Counters change all the time; what is news to a reader is a connection. */
  private static boolean hasNewConnections(JsonNode flow, Map<String, Long> printed) {
    long started = flow.path("connections_started").asLong();
    Long before = printed.put(flow.path("id").asText(), started);
    return before == null || started > before;
  }

  private void print(JsonNode flow, PrintWriter out) {
    switch (output) {
      case json -> out.println(flow);
      case yaml -> out.print("---\n" + yaml(flow));
      case csv -> out.println(Csv.line(FlowTable.row(flow, true)));
      case table, wide -> FlowTable.printRow(flow, output == Output.wide, out);
    }
    out.flush();
  }

  /** What was printed lately; a long watch must not fill the memory. */
  private static final class Recent extends LinkedHashMap<String, Long> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > REMEMBERED;
    }
  }
}
