package io.margay.app.process;

import io.grpc.BindableService;
import io.margay.console.ConsoleStatus;
import io.margay.flows.DropCounters;
import io.margay.flows.FlowIngest;
import io.margay.flows.FlowLimits;
import io.margay.flows.archive.Archive;
import io.margay.flows.archive.ArchiveConfig;
import io.margay.flows.archive.HistoryReader;
import io.margay.flows.collect.CallEndings;
import io.margay.flows.collect.Collector;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowServer;
import io.margay.flows.collect.NodeStates;
import io.margay.flows.collect.TlsFiles;
import io.margay.flows.export.ExportTarget;
import io.margay.flows.export.Exporter;
import io.margay.flows.export.Exports;
import io.margay.flows.goldmane.FlowsApi;
import io.margay.flows.goldmane.StatisticsApi;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.MemoryFlowReader;
import io.margay.flows.shard.ShardApi;
import io.margay.flows.shard.ShardedFlowReader;
import io.margay.flows.shard.ShardedLiveStreams;
import io.margay.flows.shard.ShardedStreams;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.LiveIngest;
import io.margay.flows.stream.LiveStreams;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the flows of nodes are gathered, kept and asked for.
 *
 * <pre>
 *   nodes ─► gRPC ─► collector ─► exports ─► archive ─► live buckets
 *                                    │          │            │
 *                                    ▼          └──► reader ◄┘
 *                           files, OTLP, Kafka         │ ◄─► other shards
 *                                                      ▼
 *                                           console, Goldmane's gRPC
 * </pre>
 */
public final class FlowGathering implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FlowGathering.class);
  private static final Duration EXPORT_EVERY = Duration.ofSeconds(15);
  private static final int EXPORTED_AT_ONCE = 50_000;

  /** Flows that wait for a system that does not take them. */
  private static final int WAITING_FOR_EXPORT = 200_000;

  private static final Duration SHARD_PATIENCE = Duration.ofSeconds(10);

  private final Running running;
  private final InstantSource clock = InstantSource.system();
  private final CallEndings calls = new CallEndings();
  private final NodeStates nodes = new NodeStates(clock);
  private final @Nullable Archive archive;
  private final FlowService live;
  private final @Nullable Exports exports;
  private final @Nullable ShardedFlowReader sharded;
  private final FlowReader reader;
  private final LiveStreams liveStreams;
  private final ClosedStreams closedStreams;
  private final Collector collector;

  /**
   * How to gather.
   *
   * @param listen where nodes bring their flows, and clients ask for them
   * @param tls for addresses that are not socket files; null where all are loopback
   * @param history null for live buckets only
   * @param exports become the process's own
   * @param otherShards processes that share the work; none if there is only this one
   */
  public record Config(
      List<FlowAddress> listen,
      @Nullable TlsFiles tls,
      @Nullable ArchiveConfig history,
      List<ExportTarget> exports,
      List<FlowAddress> otherShards) {

    public Config {
      listen = List.copyOf(listen);
      exports = List.copyOf(exports);
      otherShards = List.copyOf(otherShards);
    }

    /** One process alone on this machine. */
    public static Config local(FlowAddress.UnixSocket listen, @Nullable ArchiveConfig history) {
      return new Config(List.of(listen), null, history, List.of(), List.of());
    }
  }

  private FlowGathering(Config config, Running running) throws IOException {
    this.running = running;
    ArchiveConfig history = config.history();
    if (history == null) {
      archive = null;
      live = running.add(new FlowService(FlowLimits.DEFAULT, clock));
    } else {
      DropCounters drops = new DropCounters();
      Archive kept = running.add(Archive.open(history, clock, drops));
      archive = kept;
      live = running.add(new FlowService(FlowLimits.OF_MANY_NODES, clock, drops, kept::numberOf));
    }
    live.start();
    FlowIngest ingest = new LiveIngest(live);
    FlowReader own = new MemoryFlowReader(live::history);
    if (archive != null) {
      archive.start(ingest);
      ingest = archive;
      own = new HistoryReader(archive, live::history);
    }
    exports = config.exports().isEmpty() ? null : running.add(exports(ingest, config.exports()));
    sharded =
        config.otherShards().isEmpty()
            ? null
            : running.add(
                new ShardedFlowReader(
                    own, config.otherShards(), config.tls(), SHARD_PATIENCE, clock));
    reader = sharded == null ? own : sharded;
    collector =
        new Collector(
            Telemetry.traced(exports == null ? ingest : exports),
            live.drops(),
            clock,
            history == null ? null : seenFile(history.directory()));
    ClosedStreams ownClosed = ClosedStreams.of(live, own);
    LiveStreams ownLive = LiveStreams.of(live, clock);
    closedStreams = sharded == null ? ownClosed : new ShardedStreams(ownClosed, sharded);
    liveStreams = sharded == null ? ownLive : new ShardedLiveStreams(ownLive, sharded, clock);
    List<BindableService> services =
        List.of(
            collector,
            new FlowsApi(reader, closedStreams, clock),
            new StatisticsApi(reader, clock),
            new ShardApi(own, ownClosed, ownLive),
            nodes);
    for (FlowAddress address : config.listen()) {
      TlsFiles tls =
          switch (address) {
            case FlowAddress.UnixSocket _ -> null;
            case FlowAddress.Tcp _ -> config.tls();
          };
      running.add(FlowServer.start(address, tls, services, calls));
    }
  }

  /** Beside the history, whose folder holds nothing else. */
  private static Path seenFile(Path history) {
    return history.toAbsolutePath().resolveSibling(history.getFileName() + ".seen");
  }

  private static Exports exports(FlowIngest ingest, List<ExportTarget> targets) {
    return new Exports(
        ingest,
        targets.stream().map(target -> Exporter.start(target, WAITING_FOR_EXPORT)).toList(),
        EXPORT_EVERY,
        EXPORTED_AT_ONCE);
  }

  /**
   * Begins to load the history's database, whose library is large, while the caller does something
   * else. It will be loaded in any case.
   */
  public static void prepare() {
    Thread.ofPlatform()
        .daemon()
        .name("load-history")
        .start(() -> {
          try {
            Class.forName("org.duckdb.DuckDBNative");
          } catch (ClassNotFoundException | LinkageError e) {
            log.debug("the history's database is not loaded in advance: {}", e.toString());
          }
        });
  }

  /**
   * Starts to listen.
   *
   * @throws IOException with a message for the user, when an address is taken for example
   * @throws IllegalArgumentException with a message for the user, when an address needs TLS
   * @throws IllegalStateException with a message for the user, when the history cannot be used
   */
  public static FlowGathering start(Config config) throws IOException {
    Running running = new Running();
    try {
      return new FlowGathering(config, running);
    } catch (IOException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /** The live buckets and their streams. */
  public FlowService live() {
    return live;
  }

  /** Answers about all flows: live, kept, and of other shards. */
  public FlowReader reader() {
    return reader;
  }

  /** What nodes in other processes told of themselves. */
  public List<NodeStates.Heard> nodes() {
    return nodes.heard();
  }

  /** Streams of flows as they change, of all shards. */
  public LiveStreams liveStreams() {
    return liveStreams;
  }

  /** Streams of closed buckets, of all shards. */
  public ClosedStreams closedStreams() {
    return closedStreams;
  }

  /** The history on disk; null if there is none. */
  public @Nullable Archive archive() {
    return archive;
  }

  /** How far back the history goes, and what it takes on disk; null if there is none. */
  public ConsoleStatus.@Nullable History history() {
    if (archive == null) {
      return null;
    }
    Archive.Status status = archive.status();
    return new ConsoleStatus.History(
        status.oldest(), status.databaseBytes() + status.journalBytes());
  }

  /** Figures by name, for the status. */
  public Map<String, Long> figures() {
    Map<String, Long> figures = new TreeMap<>();
    figures.put("flow_senders", (long) collector.connections());
    figures.put("flow_updates_repeated", collector.repeated());
    if (archive != null) {
      Archive.Status status = archive.status();
      figures.put("history_bytes", status.databaseBytes() + status.journalBytes());
      figures.put("history_keys", (long) status.keys());
    }
    if (exports != null) {
      exports
          .statistics()
          .forEach(target -> {
            figures.put("exported_" + target.target(), target.sent());
            figures.put("export_waiting_" + target.target(), (long) target.waiting());
          });
    }
    if (sharded != null) {
      figures.put("shards_missing", (long) sharded.missing().size());
    }
    return figures;
  }

  /** What is not in the records, by reason; what the live buckets count is {@link #live}'s. */
  public Map<String, Long> dropped() {
    Map<String, Long> dropped = new TreeMap<>();
    collector.droppedAtNodes().forEach((reason, count) -> dropped.put("node_" + reason, count));
    calls.counts().forEach((code, count) -> dropped.put("call_" + code, count));
    if (exports != null) {
      exports.dropped().forEach((reason, count) -> dropped.put("export_" + reason, count));
    }
    return dropped;
  }

  @Override
  public void close() {
    running.close();
  }
}
