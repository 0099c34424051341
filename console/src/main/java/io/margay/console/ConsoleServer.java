package io.margay.console;

import io.margay.console.agents.AgentRoutes;
import io.margay.console.agents.AgentSources;
import io.margay.console.cluster.ClusterView;
import io.margay.console.flow.AnalysisEndpoints;
import io.margay.console.flow.FlowEndpoints;
import io.margay.console.http.ConsoleHandler;
import io.margay.console.http.HostCheck;
import io.margay.console.http.JsonErrors;
import io.margay.console.http.OpenApiEndpoint;
import io.margay.console.http.RequestObserver;
import io.margay.console.http.Route;
import io.margay.console.http.Routes;
import io.margay.console.migrations.MigrationEndpoint;
import io.margay.console.page.StaticFiles;
import io.margay.console.policies.PolicyEditEndpoints;
import io.margay.console.policies.PolicyEndpoints;
import io.margay.console.policies.PolicySource;
import io.margay.console.policies.PolicyUseEndpoint;
import io.margay.console.preview.PreviewEndpoint;
import io.margay.console.signin.SessionEndpoints;
import io.margay.console.signin.SignInMethods;
import io.margay.console.status.Metrics;
import io.margay.console.status.NodeEndpoints;
import io.margay.console.status.StatusEndpoints;
import io.margay.console.summary.PolicySummaryEndpoint;
import io.margay.console.summary.SummaryEndpoints;
import io.margay.console.telemetry.RequestMetrics;
import io.margay.console.why.FixEndpoints;
import io.margay.console.why.WhyEndpoint;
import io.margay.flows.query.FlowReader;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The console's web server. Every request has a virtual thread, so that endpoints may simply block
 * on a slow client or an event that does not come.
 */
public final class ConsoleServer implements AutoCloseable {
  private static final String PAGE = "/ui/";

  /** Platform threads, for accepting and selecting only. */
  private static final int THREADS = 8;

  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** A blocked write fails after this time, which frees the thread of a client that hangs. */
  private static final long IDLE_TIMEOUT_MILLIS = 30_000;

  /** Bounds what the kernel holds back for a client that does not read. */
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private final ConsoleConfig config;
  private final Server server;
  private final ServerConnector connector;
  private final Routes routes;

  /**
   * @param signIn who is let in
   * @param observer is told of every request
   */
  public ConsoleServer(
      ConsoleConfig config,
      ConsoleSources sources,
      SignInMethods signIn,
      RequestObserver observer,
      InstantSource clock) {
    this(config, sources, signIn, observer, clock, StaticFiles.ofClasspath(PAGE));
  }

  /** Serves the pages of agents, in the process that is their gateway. */
  public static ConsoleServer ofAgents(
      ConsoleConfig config,
      AgentSources sources,
      SignInMethods signIn,
      RequestObserver observer,
      InstantSource clock) {
    return new ConsoleServer(
        config,
        new SessionEndpoints(signIn, config.https(), "agents", clock),
        observer,
        AgentRoutes.of(sources, clock),
        StaticFiles.ofClasspath(PAGE));
  }

  /** With another page than the built one. */
  ConsoleServer(
      ConsoleConfig config,
      ConsoleSources sources,
      SignInMethods signIn,
      RequestObserver observer,
      InstantSource clock,
      StaticFiles page) {
    this(config, sources, signIn, observer, new RequestMetrics(), clock, page);
  }

  private ConsoleServer(
      ConsoleConfig config,
      ConsoleSources sources,
      SignInMethods signIn,
      RequestObserver observer,
      RequestMetrics requests,
      InstantSource clock,
      StaticFiles page) {
    this(
        config,
        new SessionEndpoints(signIn, config.https(), "flows", clock),
        observer.and(requests),
        flowRoutes(sources, requests, clock),
        page);
  }

  private ConsoleServer(
      ConsoleConfig config,
      SessionEndpoints sessions,
      RequestObserver observer,
      List<Route> served,
      StaticFiles page) {
    this.config = config;
    this.server = new Server(threads());
    this.connector = connector(server, config);
    this.routes =
        new Routes(
            Stream.of(served, new OpenApiEndpoint().routes(), sessions.routes())
                .flatMap(List::stream)
                .toList());
    server.addConnector(connector);
    server.setErrorHandler(new JsonErrors());
    server.setHandler(
        new ConsoleHandler(
            new HostCheck(config.hostNames()), routes, sessions.guard(), observer, page::serve));
  }

  private static List<Route> flowRoutes(
      ConsoleSources sources, RequestMetrics requests, InstantSource clock) {
    FlowReader reader = sources.reader();
    PolicySource policies = sources.policies();
    Supplier<ClusterView> cluster = sources.cluster();
    Metrics metrics =
        new Metrics(
            sources.status(),
            sources.intake(),
            cluster,
            sources.nodes(),
            sources.assertions(),
            reader,
            requests,
            sources.metrics(),
            clock);
    return Stream.of(
            new FlowEndpoints(sources.live(), sources.closed(), reader, clock).routes(),
            new AnalysisEndpoints(reader, clock).routes(),
            new PolicyEndpoints(policies, reader, clock).routes(),
            new PolicyUseEndpoint(policies, reader, clock).routes(),
            new PolicyEditEndpoints(policies, sources.store()).routes(),
            new PreviewEndpoint(cluster, sources.store(), reader, clock).routes(),
            new PolicySummaryEndpoint(cluster, policies, reader, clock).routes(),
            new SummaryEndpoints(cluster, policies, reader, clock).routes(),
            new WhyEndpoint(sources.why(), reader, clock).routes(),
            new FixEndpoints(sources.why(), sources.store(), reader, cluster, clock).routes(),
            new MigrationEndpoint(sources.store()).routes(),
            new NodeEndpoints(cluster, sources.nodes(), clock).routes(),
            new StatusEndpoints(sources.status(), sources.intake(), metrics).routes())
        .flatMap(List::stream)
        .toList();
  }

  /** What is served, for tests of the API's document. */
  Routes routes() {
    return routes;
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("console");
    threads.setDaemon(true);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("console-", 0).factory()));
    return threads;
  }

  private static ServerConnector connector(Server server, ConsoleConfig config) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(MAX_HEADER_BYTES);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(config.address());
    connector.setPort(config.port());
    connector.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    return connector;
  }

  /**
   * Begins to answer.
   *
   * @throws IOException with a message for the user, when the port is taken for example
   */
  public void start() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new IOException(
          "the console cannot listen on %s port %d: %s"
              .formatted(config.address(), config.port(), e.getMessage()),
          e);
    }
  }

  /** Where a browser on this machine finds the page. */
  public URI uri() {
    String host = config.address().contains(":") ? "[" + config.address() + "]" : config.address();
    return URI.create("http://" + host + ":" + connector.getLocalPort() + "/");
  }

  /** Ends all requests and streams. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the console did not stop", e);
    }
  }
}
