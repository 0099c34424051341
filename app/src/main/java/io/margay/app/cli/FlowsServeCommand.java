package io.margay.app.cli;

import io.margay.app.cli.resources.StoreOptions;
import io.margay.app.process.FlowGathering;
import io.margay.app.process.FlowsProcess;
import io.margay.app.process.Foreground;
import io.margay.app.process.HistoryBackups;
import io.margay.app.state.StateFolder;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.shard.ShardList;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code margay flows serve}. */
@Command(
    name = "serve",
    description = {
      "Gathers the flows of nodes, keeps them, and serves them: the page, and Goldmane's gRPC.",
      "Nodes of Margay bring their flows here with 'margay node --flows', and Calico's Felix can."
    },
    mixinStandardHelpOptions = true)
public final class FlowsServeCommand implements Runnable {
  private static final long GIGABYTE = 1_000_000_000;

  @Spec private CommandSpec spec;
  @Mixin private TlsOptions tls;
  @Mixin private ExportOptions exports;
  @Mixin private StoreOptions resources;
  @Mixin private ConsoleOptions console;
  @Mixin private BackupOptions backups;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      converter = FlowAddressConverter.class,
      description = {
        "Where nodes bring flows and clients ask for them: HOST:PORT, which needs TLS unless it is"
            + " loopback, or unix:PATH. May be given several times.",
        "The socket file where 'margay node' brings flows if not given."
      })
  private List<FlowAddress> listen = List.of();

  @Option(
      names = "--history",
      paramLabel = "DIR",
      description = "Where the history is kept; in Margay's state folder if not given.")
  private @Nullable Path history;

  @Option(names = "--no-history", description = "Keep an hour of flows in memory and no history.")
  private boolean noHistory;

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      description = "How long flows are kept; ${DEFAULT-VALUE} if not given.")
  private int keepDays = 30;

  @Option(
      names = "--keep-gigabytes",
      paramLabel = "N",
      description = "How large the history may become; ${DEFAULT-VALUE} if not given.")
  private int keepGigabytes = 10;

  @ArgGroup(exclusive = false)
  private @Nullable Shards shards;

  /** Both of them or none. */
  static final class Shards {
    @Option(
        names = "--shards",
        paramLabel = "ADDRESS,ADDRESS…",
        required = true,
        converter = ShardListConverter.class,
        description = "All processes that share the nodes; the same list as the nodes have.")
    private @Nullable ShardList all;

    @Option(
        names = "--shard",
        paramLabel = "ADDRESS",
        required = true,
        converter = FlowAddressConverter.class,
        description = "Which of them this one is.")
    private @Nullable FlowAddress self;
  }

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    Optional<HistoryBackups.Plan> plan = backups.plan();
    if (noHistory && plan.isPresent()) {
      throw new CommandFailure("--no-history and --backups exclude each other: give one of them");
    }
    StateFolder state = StateFolder.ofUser();
    try (Foreground foreground = Foreground.begin()) {
      ResourceStore store = foreground.running().add(resources.open());
      FlowGathering.Config gathering = gathering(state);
      FlowsProcess flows =
          foreground
              .running()
              .add(
                  FlowsProcess.start(
                      new FlowsProcess.Config(
                          "flows",
                          "none",
                          console.config(),
                          console.signIn(state),
                          console.ruleMetrics(),
                          gathering,
                          Map::of,
                          Map::of,
                          List::of),
                      store));
      if (plan.isPresent()) {
        flows.backUp(plan.get());
      }
      gathering.listen().forEach(address -> say(out, "flows      " + address));
      flows.link().ifPresent(link -> say(out, "sign in    " + link + " (once, within 15 minutes)"));
      say(out, "page       " + flows.uri());
      foreground.awaitEnd();
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private FlowGathering.Config gathering(StateFolder state) {
    StateFolder.create(state.root());
    List<FlowAddress> addresses =
        listen.isEmpty() ? List.of(new FlowAddress.UnixSocket(state.flowSocket())) : listen;
    return new FlowGathering.Config(
        addresses, tls.files(), history(state), exports.targets(), otherShards());
  }

  private @Nullable ArchiveConfig history(StateFolder state) {
    if (noHistory) {
      return null;
    }
    return ArchiveConfig.in(history == null ? state.flowHistory() : history)
        .keeping(Duration.ofDays(keepDays), keepGigabytes * GIGABYTE);
  }

  private List<FlowAddress> otherShards() {
    Shards given = shards;
    return given == null || given.all == null || given.self == null
        ? List.of()
        : given.all.without(given.self);
  }

  private static void say(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
