package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import picocli.CommandLine.Spec;

/** Shows flow records of a running demo or node. */
@Command(
    name = "flows",
    description = "Shows who talked to whom, and which policy allowed or denied it.",
    subcommands = FlowsServeCommand.class,
    mixinStandardHelpOptions = true)
public final class FlowsCommand implements Callable<Integer> {
  private static final JsonMapper JSON = new JsonMapper();
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
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Output output = Output.table;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "The console to ask (default: that of the running demo).")
  private @Nullable String console;

  @ArgGroup(exclusive = false, heading = "Which flows (all of these must agree):%n")
  private Wanted wanted = new Wanted();

  /** How flows are printed. */
  enum Output {
    table,
    wide,
    json
  }

  /** What picocli spells as it is written; options may be given several times. */
  enum WantedVerdict {
    allow,
    deny
  }

  /** The filter options. */
  static final class Wanted {
    @Option(names = "--verdict", description = "One of ${COMPLETION-CANDIDATES}.")
    private List<WantedVerdict> verdicts = new ArrayList<>();

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NAME",
        description = "Of the source or the destination.")
    private List<String> namespaces = new ArrayList<>();

    @Option(
        names = "--policy",
        paramLabel = "[NAMESPACE/]NAME",
        description = "In the enforced or the pending chain.")
    private List<String> policies = new ArrayList<>();

    @Option(names = "--tier", paramLabel = "NAME", description = "With a policy of this tier.")
    private List<String> tiers = new ArrayList<>();

    @Option(names = "--source", paramLabel = "TEXT", description = "Part of the source's name.")
    private List<String> sources = new ArrayList<>();

    @Option(names = "--dest", paramLabel = "TEXT", description = "Part of the destination's name.")
    private List<String> dests = new ArrayList<>();

    @Option(names = "--port", paramLabel = "PORT", description = "Of the destination.")
    private List<Integer> ports = new ArrayList<>();

    @Option(
        names = "--pending-differs",
        description = "Only flows whose verdict staged policies would change.")
    private boolean pendingDiffers;

    ObjectNode filter() {
      ObjectNode filter = JSON.createObjectNode();
      ArrayNode actions = JSON.createArrayNode();
      for (WantedVerdict verdict : verdicts) {
        actions.add(
            switch (verdict) {
              case allow -> "Allow";
              case deny -> "Deny";
            });
      }
      set(filter, "actions", actions);
      set(filter, "namespaces", matches(namespaces, "Exact"));
      set(filter, "source_names", matches(sources, "Fuzzy"));
      set(filter, "dest_names", matches(dests, "Fuzzy"));
      ArrayNode wantedPorts = JSON.createArrayNode();
      ports.forEach(port -> wantedPorts.addObject().put("value", port));
      set(filter, "dest_ports", wantedPorts);
      set(filter, "policies", policyMatches());
      if (pendingDiffers) {
        filter.put("pending_differs", true);
      }
      return filter;
    }

    private ArrayNode policyMatches() {
      ArrayNode matches = JSON.createArrayNode();
      for (String policy : policies) {
        ObjectNode match = matches.addObject();
        int slash = policy.indexOf('/');
        match.put("name", policy.substring(slash + 1));
        if (slash >= 0) {
          match.put("namespace", policy.substring(0, slash));
        }
      }
      tiers.forEach(tier -> matches.addObject().put("tier", tier));
      return matches;
    }

    private static ArrayNode matches(List<String> values, String type) {
      ArrayNode matches = JSON.createArrayNode();
      values.forEach(value -> matches.addObject().put("value", value).put("type", type));
      return matches;
    }

    private static void set(ObjectNode filter, String field, ArrayNode values) {
      if (!values.isEmpty()) {
        filter.set(field, values);
      }
    }
  }

  @Override
  public Integer call() {
    Map<String, String> query =
        Map.of(
            "startTimeGte",
            // 0 would mean since ever; the API counts whole seconds.
            Long.toString(-Math.max(1, since.toSeconds())),
            "filters",
            wanted.filter().toString());
    PrintWriter out = spec.commandLine().getOut();
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      if (follow) {
        follow(client, query, out);
      } else {
        list(client, query, out);
      }
    }
    return 0;
  }

  private void list(ConsoleClient client, Map<String, String> query, PrintWriter out) {
    List<JsonNode> flows = new ArrayList<>();
    client.get("/api/v1/flows", query).path("items").forEach(flows::add);
    switch (output) {
      case json -> {
        ObjectNode list = JSON.createObjectNode();
        list.putArray("items").addAll(flows);
        out.println(list.toPrettyString());
      }
      case table, wide -> {
        if (flows.isEmpty()) {
          out.println("No such flows in the last " + since.toSeconds() + " seconds.");
        } else {
          // The newest comes last, where the reader's eyes are.
          FlowTable.print(flows.reversed(), output == Output.wide, out);
        }
      }
    }
    out.flush();
  }

  private void follow(ConsoleClient client, Map<String, String> query, PrintWriter out) {
    if (output != Output.json) {
      FlowTable.printHeader(output == Output.wide, out);
    }
    Map<String, Long> printed = new Recent();
    String lastId = "";
    while (!out.checkError()) {
      // A stream that broke off is resumed where it ended; one that cannot be is an error.
      lastId =
          client.follow(
              "/api/v1/flows/stream",
              query,
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
