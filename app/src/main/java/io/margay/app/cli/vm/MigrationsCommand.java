package io.margay.app.cli.vm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.TextTable;
import io.margay.app.cli.vm.MigrationRecords.Objective;
import io.margay.model.resource.LiveMigration;
import io.margay.model.resource.LiveMigration.Connections;
import io.margay.model.resource.LiveMigration.Phase;
import io.margay.model.resource.LiveMigration.Place;
import io.margay.model.resource.LiveMigration.Step;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay vm migrations}. */
@Command(
    name = "migrations",
    description = {
      "Lists the migrations of virtual machines on record: their phases, how long the machine could"
          + " not be reached, its connections, and what became of it.",
      "The last line says how many of those that ended met the objective."
    },
    mixinStandardHelpOptions = true)
final class MigrationsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAMESPACE",
      description = "Only of this namespace (default: all).")
  private String namespace = "";

  @Option(
      names = "--objective",
      paramLabel = "MILLIS",
      description =
          "The longest gap that is good enough, in milliseconds (default: ${DEFAULT-VALUE}).")
  private long objective = 500;

  @Option(
      names = {"-o", "--output"},
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Override
  public Integer call() {
    if (objective < 0) {
      throw new ParameterException(
          spec.commandLine(), "--objective " + objective + ": write milliseconds, 0 or more");
    }
    MigrationRecords records;
    try (ResourceStore store = source.open()) {
      records = MigrationRecords.of(store, namespace);
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (output) {
      case table -> print(records, out);
      case json -> out.println(json(records).toPrettyString());
    }
    out.flush();
    return 0;
  }

  private void print(MigrationRecords records, PrintWriter out) {
    if (records.all().isEmpty()) {
      out.println("No migration is on record.");
      return;
    }
    TextTable table =
        new TextTable(
            List.of(
                "STARTED",
                "MACHINE",
                "MIGRATION",
                "FROM",
                "TO",
                "PHASE",
                "TOOK",
                "GAP",
                "CONNECTIONS",
                "REASON"));
    records.all().forEach(record -> table.add(row(record)));
    table.print(out);
    out.println();
    out.println(line(records.objective(objective)));
  }

  private static List<String> row(LiveMigration record) {
    String namespace = record.metadata().namespace();
    return List.of(
        MigrationRecords.begin(record)
            .map(begin -> begin.truncatedTo(ChronoUnit.SECONDS).toString())
            .orElse("not yet"),
        namespace + "/" + record.spec().machine(),
        record.metadata().name(),
        place(record.spec().source()),
        place(record.spec().target()),
        phase(record.status().phase()),
        MigrationRecords.time(record).map(MigrationsCommand::seconds).orElse(""),
        gap(record),
        connections(record.status().connections()),
        record.status().reason());
  }

  private static String place(Place place) {
    return place.node().isEmpty() ? "unknown" : place.node();
  }

  private static String phase(Phase phase) {
    String name = phase.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
  }

  private static String gap(LiveMigration record) {
    Long millis = record.status().gapMillis();
    Long packets = record.status().gapPackets();
    if (millis == null) {
      return "unknown";
    }
    return packets == null ? millis + " ms" : millis + " ms, " + packets + " packets";
  }

  private static String connections(Connections connections) {
    String kept = connections.moved() + connections.kept() + " kept";
    return connections.dropped() == 0 ? kept : kept + ", " + connections.dropped() + " lost";
  }

  private static String line(Objective objective) {
    String share =
        objective
            .percent()
            .map(percent -> String.format(Locale.ROOT, "%.1f %%", percent))
            .orElse("none ended yet");
    return "Objective, a gap of at most "
        + objective.limitMillis()
        + " ms: "
        + share
        + " ("
        + objective.within()
        + " within, "
        + objective.beyond()
        + " beyond, "
        + objective.unknown()
        + " not measured, "
        + objective.failed()
        + " failed; "
        + objective.underWay()
        + " under way)";
  }

  private ObjectNode json(MigrationRecords records) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode items = json.putArray("items");
    records.all().forEach(record -> item(items.addObject(), record));
    Objective met = records.objective(objective);
    ObjectNode summary = json.putObject("objective");
    summary.put("limit_millis", met.limitMillis());
    summary.put("within", met.within()).put("beyond", met.beyond());
    summary.put("not_measured", met.unknown()).put("failed", met.failed());
    summary.put("under_way", met.underWay()).put("percent", met.percent().orElse(null));
    return json;
  }

  private static void item(ObjectNode item, LiveMigration record) {
    LiveMigration.Status status = record.status();
    item.put("namespace", record.metadata().namespace()).put("name", record.metadata().name());
    item.put("machine", record.spec().machine());
    item.put("source_pod", record.spec().source().pod());
    item.put("source_node", record.spec().source().node());
    item.put("target_pod", record.spec().target().pod());
    item.put("target_node", record.spec().target().node());
    item.put("phase", phase(status.phase()));
    ArrayNode phases = item.putArray("phases");
    for (Step step : status.steps()) {
      phases.addObject().put("phase", phase(step.phase())).put("at", step.at().toString());
    }
    item.put("gap_millis", status.gapMillis()).put("gap_packets", status.gapPackets());
    item.putObject("connections")
        .put("moved", status.connections().moved())
        .put("kept", status.connections().kept())
        .put("dropped", status.connections().dropped());
    item.put("reason", status.reason()).put("owner", status.owner());
  }
}
