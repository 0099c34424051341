package io.margay.console;

import io.margay.console.flow.FlowEndpoints;
import io.margay.console.http.ConsoleHandler;
import io.margay.console.http.HostCheck;
import io.margay.console.http.JsonErrors;
import io.margay.console.page.StaticFiles;
import io.margay.console.policies.PolicyEndpoints;
import io.margay.console.status.StatusEndpoints;
import io.margay.console.why.WhyEndpoint;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.Executors;
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

  public ConsoleServer(ConsoleConfig config, ConsoleSources sources, InstantSource clock) {
    this(config, sources, clock, StaticFiles.ofClasspath("/ui/"));
  }

  /** With another page than the built one. */
  ConsoleServer(
      ConsoleConfig config, ConsoleSources sources, InstantSource clock, StaticFiles page) {
    this.config = config;
    this.server = new Server(threads());
    this.connector = connector(server, config);
    server.addConnector(connector);
    server.setErrorHandler(new JsonErrors());
    server.setHandler(
        new ConsoleHandler(
            new HostCheck(config.hostNames()),
            new FlowEndpoints(sources.flows(), clock),
            new PolicyEndpoints(sources.policies()),
            new WhyEndpoint(sources.why()),
            new StatusEndpoints(sources.status(), sources.flows()),
            page));
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
