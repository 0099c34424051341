package io.margay.app.process;

import io.margay.app.Version;
import io.margay.console.ConsoleConfig;
import io.margay.console.ConsoleServer;
import io.margay.console.ConsoleSources;
import io.margay.console.ConsoleStatus;
import io.margay.console.assertion.AssertionController;
import io.margay.console.policies.StorePolicies;
import io.margay.console.recommend.RecommendationController;
import io.margay.console.status.MetricOptions;
import io.margay.console.status.NodeReport;
import io.margay.console.telemetry.ObservedFlowReader;
import io.margay.console.telemetry.RequestTraces;
import io.margay.console.why.ClusterExplainer;
import io.margay.flows.archive.Archive;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.Page;
import io.margay.flows.stream.FlowService;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ResourceChange;
import io.margay.store.ResourceStore;
import io.margay.store.ResourceStream;
import io.margay.store.StreamListener;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where flow records are gathered and shown.
 *
 * <pre>
 *   nodes ─► flow gathering ───────────────────► console
 *   store ─► resource stream ─► explainer ─────► console
 *                                   ├─► assertions ──────► their status in the store
 *   flows ──────────────────────────┴─► recommendations ─► staged policies in the store
 * </pre>
 */
public final class FlowsProcess implements AutoCloseable {
  /** That one round of learning reads; those with the most recent traffic come first. */
  private static final int MOST_FLOWS = 200_000;

  private final Instant startedAt = Instant.now();
  private final Running running;
  private final ClusterSize clusterSize = new ClusterSize();
  private final Config config;
  private final FlowGathering gathering;
  private final RecommendationController recommendations;
  private final ConsoleServer console;

  /**
   * How to run.
   *
   * @param node the name to show
   * @param dataplane the dataplane's name to show
   * @param signIn how people sign in to the console
   * @param ruleMetrics how many rules have a metric of their own at most; 0 for none
   * @param tables sizes of the decision tables of nodes in this process, by name
   * @param nodes how the nodes in this process are
   * @param dropped counts of what nodes in this process did not report, by reason
   */
  public record Config(
      String node,
      String dataplane,
      ConsoleConfig console,
      ConsoleSignIn signIn,
      int ruleMetrics,
      FlowGathering.Config gathering,
      Supplier<Map<String, Long>> tables,
      Supplier<Map<String, Long>> dropped,
      Supplier<List<NodeReport>> nodes) {}

  private FlowsProcess(Config config, ResourceStore store, Running running) throws IOException {
    this.running = running;
    this.config = config;
    this.gathering = running.add(FlowGathering.start(config.gathering()));
    ClusterExplainer explainer = new ClusterExplainer();
    AssertionController assertions =
        running.add(new AssertionController(store, explainer::view, InstantSource.system()));
    this.recommendations =
        running.add(
            new RecommendationController(
                store,
                explainer::view,
                range ->
                    gathering
                        .reader()
                        .list(
                            range, FlowFilter.ALL, FlowOrder.TIME, new Page.Request(0, MOST_FLOWS))
                        .items(),
                InstantSource.system()));
    running.add(
        ResourceStream.start(
            store, Kind.ofNetwork(), tell(explainer, clusterSize, assertions, recommendations)));
    // Streams of their own: a cluster may not know these kinds.
    running.add(ResourceStream.start(store, Set.of(Kind.POLICY_ASSERTION), assertions));
    running.add(
        ResourceStream.start(store, Set.of(Kind.POLICY_RECOMMENDATION_SCOPE), recommendations));
    assertions.start();
    recommendations.start();
    this.console =
        running.add(
            new ConsoleServer(
                config.console(),
                new ConsoleSources(
                    gathering.live(),
                    new ObservedFlowReader(gathering.reader(), Telemetry.tracer()),
                    gathering.liveStreams(),
                    gathering.closedStreams(),
                    store,
                    new StorePolicies(store),
                    explainer::view,
                    explainer,
                    this::status,
                    () -> NodeReports.all(config.nodes().get(), gathering.nodes()),
                    assertions::figures,
                    new MetricOptions(
                        config.ruleMetrics(),
                        new AddressMetrics(store, InstantSource.system())::snapshots)),
                config.signIn().methods(() -> namespaces(explainer)),
                new RequestTraces(Telemetry.tracer()),
                InstantSource.system()));
  }

  /**
   * Starts gathering, and the console last.
   *
   * @throws IOException with a message for the user, when an address is taken for example
   */
  public static FlowsProcess start(Config config, ResourceStore store) throws IOException {
    Running running = new Running();
    try {
      FlowsProcess process = new FlowsProcess(config, store, running);
      process.console.start();
      config.signIn().announce(process.uri());
      process.running.add(config.signIn()::withdraw);
      return process;
    } catch (IOException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private static StreamListener tell(
      ClusterExplainer explainer,
      ClusterSize clusterSize,
      AssertionController assertions,
      RecommendationController recommendations) {
    return change -> {
      clusterSize.apply(change);
      if (explainer.apply(change)) {
        assertions.clusterChanged();
      }
      if (change instanceof ResourceChange.InSync) {
        assertions.clusterInSync();
        recommendations.clusterInSync();
      }
    };
  }

  /** The live buckets. */
  public FlowService flows() {
    return gathering.live();
  }

  /**
   * Backs the history up now and then.
   *
   * @throws IOException with a message for the user, if the folder cannot be used
   * @throws IllegalStateException if there is no history
   */
  public void backUp(HistoryBackups.Plan plan) throws IOException {
    Archive archive = gathering.archive();
    if (archive == null) {
      throw new IllegalStateException("there is no history to back up");
    }
    running.add(HistoryBackups.start(archive, plan, InstantSource.system()));
  }

  private static Set<String> namespaces(ClusterExplainer explainer) {
    return explainer
        .view()
        .ofKind(Kind.NAMESPACE)
        .map(namespace -> namespace.metadata().name())
        .collect(Collectors.toSet());
  }

  /** Where a browser signs in, once; empty where it signs in otherwise. */
  public Optional<URI> link() {
    return config.signIn().link(uri());
  }

  /** Where a browser finds the page. */
  public URI uri() {
    return console.uri();
  }

  private ConsoleStatus status() {
    Map<String, Long> dropped = new HashMap<>(config.dropped().get());
    Map<String, Long> sizes = new HashMap<>(config.tables().get());
    clusterSize.addTo(sizes);
    sizes.putAll(gathering.figures());
    sizes.putAll(recommendations.sizes());
    dropped.putAll(gathering.dropped());
    dropped.put("recommendation_observations", recommendations.figures().dropped());
    return new ConsoleStatus(
        config.node(),
        Version.current(),
        config.dataplane(),
        startedAt,
        sizes,
        dropped,
        gathering.history());
  }

  @Override
  public void close() {
    running.close();
  }
}
