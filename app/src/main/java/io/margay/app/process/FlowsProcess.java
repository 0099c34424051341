package io.margay.app.process;

import io.margay.app.Version;
import io.margay.app.process.flowlink.FlowReceiver;
import io.margay.console.ConsoleConfig;
import io.margay.console.ConsoleServer;
import io.margay.console.ConsoleSources;
import io.margay.console.ConsoleStatus;
import io.margay.console.policies.StorePolicies;
import io.margay.flows.FlowLimits;
import io.margay.flows.stream.FlowService;
import io.margay.model.flow.FlowEvent;
import io.margay.policy.engine.EngineStats;
import io.margay.store.ResourceStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Where flow records are gathered and shown.
 *
 * <pre>
 *   node processes ─► flow link ┐
 *   nodes in this process ──────┼─► flow service ─► console
 *   store ─► cluster view ──────┘        (who has an address; why)
 * </pre>
 */
public final class FlowsProcess implements AutoCloseable {
  private final Instant startedAt = Instant.now();
  private final Running running = new Running();
  private final Config config;
  private final FlowService flows;
  private final ClusterView cluster;
  private final FlowReceiver receiver;
  private final ConsoleServer console;

  /**
   * How to run.
   *
   * @param node the name to show
   * @param dataplane the dataplane's name to show
   * @param flowSocket where the processes of nodes bring their events
   * @param dropped counts of what nodes in this process did not report, by reason
   */
  public record Config(
      String node,
      String dataplane,
      ConsoleConfig console,
      Path flowSocket,
      Supplier<Map<String, Long>> dropped) {}

  private FlowsProcess(Config config, ResourceStore store) throws IOException {
    this.config = config;
    this.flows = running.add(new FlowService(FlowLimits.DEFAULT, InstantSource.system()));
    flows.start();
    this.cluster = running.add(ClusterView.follow(store, flows::apply));
    this.receiver = running.add(FlowReceiver.start(config.flowSocket(), flows::offer));
    this.console =
        running.add(
            new ConsoleServer(
                config.console(),
                new ConsoleSources(
                    flows, new StorePolicies(store), new PathExplainer(cluster), this::status),
                InstantSource.system()));
  }

  /**
   * Starts gathering, and the console last.
   *
   * @throws IOException with a message for the user, when an address is taken for example
   */
  public static FlowsProcess start(Config config, ResourceStore store) throws IOException {
    FlowsProcess process = new FlowsProcess(config, store);
    try {
      process.console.start();
      return process;
    } catch (IOException e) {
      process.close();
      throw e;
    }
  }

  /** Takes an event of a node in this process; what does not fit is dropped and counted. */
  public void offer(FlowEvent event) {
    flows.offer(event);
  }

  public FlowService flows() {
    return flows;
  }

  public ClusterView cluster() {
    return cluster;
  }

  /** Where a browser finds the page. */
  public URI uri() {
    return console.uri();
  }

  private ConsoleStatus status() {
    EngineStats stats = cluster.stats();
    Map<String, Long> tables = new LinkedHashMap<>();
    tables.put("policies", (long) stats.policies());
    tables.put("endpoints", (long) stats.endpoints());
    tables.put("classes", (long) stats.classes());
    tables.put("groups", (long) stats.groups());
    tables.put("port_tables", (long) stats.portTables());
    tables.put("outcomes", (long) stats.outcomes());
    Map<String, Long> dropped = new HashMap<>(config.dropped().get());
    receiver.dropped().forEach((node, events) -> dropped.put("flow_link_" + node, events));
    return new ConsoleStatus(
        config.node(), Version.current(), config.dataplane(), startedAt, tables, dropped);
  }

  @Override
  public void close() {
    running.close();
  }
}
