package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.policy.PreviewText;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains a verdict. */
@Command(
    name = "why",
    description = {
      "Prints the whole chain behind a verdict, and what would turn it.",
      "Both ends are judged, as it is enforced and as it would be with the staged policies.",
      "For a denial it says what else that would turn, on recorded flows and over all traffic.",
      "What would turn it, staged: margay why FROM TO:PORT --fix | margay apply -f -"
    },
    mixinStandardHelpOptions = true)
public final class WhyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FROM",
      description = "namespace/pod (or the name of its owner), an address, or host:NAME.")
  private String from = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TO[:PORT]",
      description = "The same, with a port: shop/cart:80, 10.0.0.1:80, [fd00::1]:80.")
  private String to = "";

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      defaultValue = "tcp",
      description = "tcp, udp, sctp, icmp, icmpv6 or a number (default: ${DEFAULT-VALUE}).")
  private String protocol = "";

  @Option(
      names = {"-o", "--output"},
      defaultValue = "text",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TextOrJson output = TextOrJson.text;

  @Option(
      names = "--flow",
      paramLabel = "ID",
      description = {
        "Instead of FROM and TO: a recorded flow, with the chain that judged it then.",
        "Its id is in what margay flows -o json prints."
      })
  private @Nullable String flow;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      converter = MomentConverter.class,
      description = {
        "The flows on record that are nearest to this time, with the chains that judged them then.",
        "2026-11-28T09:30:00Z, or how long ago it was: 90m, 2d."
      })
  private @Nullable Instant at;

  @Option(
      names = "--fix",
      description = "Print only what would turn the verdict, as staged policies ready to apply.")
  private boolean fix;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = DurationConverter.class,
      description = {
        "How far to look back for flows that the proposed change would turn, too.",
        "(default: ${DEFAULT-VALUE})"
      })
  private Duration since = Duration.ofHours(24);

  @Option(
      names = "--no-effect",
      description =
          "Do not look what else the proposed change would turn: in large clusters, faster.")
  private boolean withoutEffect;

  @Option(
      names = "--console",
      paramLabel = "URL",
      description = "The console to ask (default: that of the running demo).")
  private @Nullable String console;

  @Mixin private StoreOptions storeOptions = new StoreOptions();

  @Override
  public Integer call() {
    if (flow != null) {
      askForFlow(flow);
      return 0;
    }
    if (to.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "write FROM TO:PORT, or --flow ID for a recorded flow");
    }
    Destination destination = Destination.parse(to);
    if (at != null) {
      askForThen(destination, at);
      return 0;
    }
    if (!storeOptions.given()) {
      askConsole(destination);
    } else if (console == null) {
      askStore(destination);
    } else {
      throw new CommandFailure("--console excludes --from and --kubeconfig: give one of them");
    }
    return 0;
  }

  private void askForFlow(String id) {
    if (!from.isEmpty() || at != null || storeOptions.given()) {
      throw new ParameterException(
          spec.commandLine(),
          "--flow asks a console for a record: leave out FROM, TO, --at and --from");
    }
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      String path = "/api/v1/flows/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
      if (fix) {
        printFix(client.get(path + "/fix", Map.of()));
        return;
      }
      JsonNode record = client.get(path, Map.of());
      PrintWriter out = spec.commandLine().getOut();
      switch (output) {
        case text -> new FlowWhyText(out).print(record);
        case json -> out.println(record.toPrettyString());
      }
      out.flush();
    }
  }

  private void askForThen(Destination destination, Instant time) {
    if (fix || storeOptions.given()) {
      throw new ParameterException(
          spec.commandLine(), "--at asks a console for records: leave out --fix and --from");
    }
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      Map<String, String> query = query(destination);
      query.put("at", Long.toString(Math.max(1, time.getEpochSecond())));
      JsonNode past = client.get("/api/v1/why", query);
      if (past.path("items").isEmpty()) {
        throw new CommandFailure(
            "no flow from %s to %s is on record within an hour of %s: %s"
                .formatted(from, to, time, past.path("missing").asText()));
      }
      PrintWriter out = spec.commandLine().getOut();
      switch (output) {
        case text -> past.path("items").forEach(new FlowWhyText(out)::print);
        case json -> past.path("items").forEach(flow -> out.println(flow.toPrettyString()));
      }
      out.flush();
    }
  }

  private void askConsole(Destination destination) {
    try (ConsoleClient client = ConsoleClient.of(Optional.ofNullable(console))) {
      Map<String, String> query = query(destination);
      if (fix) {
        printFix(client.get("/api/v1/fix", query));
        return;
      }
      JsonNode why = client.get("/api/v1/why", query);
      query.put("startTimeGte", ConsoleFlows.ago(since));
      print(
          why,
          (hit, direction) -> rule(client, hit, direction),
          () -> client.get("/api/v1/fix", query));
    }
  }

  private void askStore(Destination destination) {
    try (ResourceStore store = storeOptions.open()) {
      StoredCluster cluster = new StoredCluster(store);
      if (fix) {
        printFix(cluster.fix(from, destination, protocol, false));
      } else {
        print(
            cluster.why(from, destination, protocol),
            cluster::rule,
            () -> cluster.fix(from, destination, protocol, true));
      }
    }
  }

  private Map<String, String> query(Destination destination) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("from", from);
    query.put("to", destination.peer());
    query.put("protocol", protocol);
    if (destination.port() >= 0) {
      query.put("port", Integer.toString(destination.port()));
    }
    return query;
  }

  private static Optional<String> rule(ConsoleClient client, JsonNode hit, String direction) {
    String namespace = hit.path("namespace").asText();
    return client
        .find(
            "/api/v1/policies/%s/%s/%s"
                .formatted(
                    hit.path("kind").asText(),
                    namespace.isEmpty() ? "-" : namespace,
                    hit.path("name").asText()))
        .map(policy -> policy.at("/rules/" + direction).path(hit.path("rule_index").asInt()))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText);
  }

  private void printFix(JsonNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case text -> out.print(FixText.of(answer));
      case json -> out.println(answer.toPrettyString());
    }
    out.flush();
  }

  /**
   * Prints an explanation; for a denial with what else its remedy would turn.
   *
   * @param remedy the change with its effect
   */
  private void print(JsonNode why, WhyText.RuleSource rules, Supplier<JsonNode> remedy) {
    boolean remediable = why.path("action").asText().equals("Deny") && why.path("flip").isObject();
    JsonNode effect =
        remediable && !withoutEffect ? remedy.get().path("effect") : MissingNode.getInstance();
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case text -> {
        new WhyText(rules, out).print(why);
        if (effect.isObject()) {
          out.println();
          out.println("What that would turn, this included:");
          new PreviewText(out).printEffect(effect);
        }
      }
      case json -> {
        if (effect.isObject()) {
          ((ObjectNode) why).set("effect", effect);
        }
        out.println(why.toPrettyString());
      }
    }
    out.flush();
  }
}
