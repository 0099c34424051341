package io.margay.app.cli.ipam;

import io.margay.app.cli.CommandFailure;
import io.margay.app.cli.DurationConverter;
import io.margay.app.cli.ErrorReport;
import io.margay.app.cli.TableOrJson;
import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.cli.resources.TextTable;
import io.margay.network.ipam.Finding;
import io.margay.network.ipam.IpamCheck;
import io.margay.network.ipam.LeakRepair;
import io.margay.network.ipam.LeakRepair.Step;
import io.margay.store.ResourceStore;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code margay ipam check}. */
@Command(
    name = "check",
    description = {
      "Compares what blocks say with pods, nodes and services, and with affinities and handles.",
      "What changes meanwhile can look wrong: look again before you act.",
      "--repair frees addresses that nobody has: at once if their node is gone, too, else if an"
          + " earlier report shows the same leak. It writes nothing without --no-dry-run."
    },
    footer = {
      "",
      "Exit codes: 0 all fits, 3 something does not, 4 something cannot be read or is unknown.",
      "",
      "  margay ipam check -o json >before.json",
      "  margay ipam check --repair --from-report before.json   # 15 minutes later"
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckAddressesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions source;

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private TableOrJson output = TableOrJson.table;

  @Option(
      names = "--repair",
      description = "Say which leaks would be freed, and why the others not.")
  private boolean repair;

  @Option(
      names = "--dry-run",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Only say what a repair would do (default).")
  private boolean dryRun = true;

  @Option(
      names = "--from-report",
      paramLabel = "FILE",
      description = "An earlier report (-o json) that shows since when addresses leak.")
  private List<Path> reports = List.of();

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "15m",
      converter = DurationConverter.class,
      description = "How old that report must be (default: ${DEFAULT-VALUE}).")
  private Duration grace = Duration.ofMinutes(15);

  @Override
  public Integer call() {
    if (!repair && (!dryRun || !reports.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--no-dry-run and --from-report belong to --repair");
    }
    if (repair && output == TableOrJson.json) {
      throw new ParameterException(
          spec.commandLine(), "--repair prints lines; take the report (-o json) before it");
    }
    List<LeakRepair.Sighting> earlier = reports.stream().map(CheckReport::read).toList();
    PrintWriter out = spec.commandLine().getOut();
    try (ResourceStore store = source.open()) {
      IpamCheck check = IpamCheck.of(store, InstantSource.system());
      switch (output) {
        case json -> out.println(CheckReport.of(check).toPrettyString());
        case table -> print(out, check);
      }
      boolean failed = repair && !repair(store, check, earlier, out);
      out.flush();
      check.problems().forEach(problem -> spec.commandLine().getErr().println("error: " + problem));
      return failed ? ErrorReport.FAILED : exitCode(check);
    }
  }

  private static int exitCode(IpamCheck check) {
    if (check.isWrong()) {
      return ErrorReport.CONTRADICTED;
    }
    return check.problems().isEmpty() && check.findings().isEmpty() ? 0 : ErrorReport.DOUBTFUL;
  }

  private static void print(PrintWriter out, IpamCheck check) {
    if (!check.findings().isEmpty()) {
      TextTable table = new TextTable(List.of("FAULT", "WHERE", "WHAT"));
      for (Finding finding : check.findings()) {
        table.add(List.of(finding.fault().text(), finding.subject(), finding.text()));
      }
      table.print(out);
    }
    long wrong = check.findings().stream().filter(f -> f.fault().isWrong()).count();
    String summary = wrong == 0 ? "nothing is wrong" : "problems: " + wrong;
    out.println(check.held() + " addresses are allocated; " + summary);
  }

  /** Frees what is to be freed, and says so; false if something could not be. */
  private boolean repair(
      ResourceStore store, IpamCheck check, List<LeakRepair.Sighting> earlier, PrintWriter out) {
    if (!check.problems().isEmpty()) {
      throw new CommandFailure(
          "nothing is freed as long as something cannot be read:\n"
              + String.join("\n", check.problems()));
    }
    LeakRepair repairs = new LeakRepair(store, InstantSource.system(), grace);
    boolean all = true;
    for (Step step : repairs.plan(check, earlier)) {
      String what = step.address() + " of " + step.leak().holding().handle();
      if (!step.release()) {
        out.println("keeps " + what + ": " + step.reason());
      } else if (dryRun) {
        out.println("would free " + what + ": " + step.reason());
      } else if (repairs.release(step)) {
        out.println("freed " + what + ": " + step.reason());
      } else {
        out.println("did not free " + what + ": somebody has it now");
        all = false;
      }
    }
    if (dryRun) {
      out.println("nothing is written; --no-dry-run frees the addresses");
    }
    return all;
  }
}
