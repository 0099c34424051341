package io.margay.agents.gateway;

import io.margay.agents.gateway.http.Heartbeats;
import io.margay.agents.gateway.http.JettyExchange;
import io.margay.agents.gateway.http.Refusal;
import io.margay.agents.gateway.http.StrictHttp;
import io.margay.store.apiserver.http.OnVirtualThreads;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's server: HTTP/1.1 and HTTP/2, with mutual TLS or without. Each request has a virtual
 * thread, which may simply block.
 */
public final class GatewayServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GatewayServer.class);
  private static final int THREADS = 8;

  /** The first comment after a client's end may still look well, the second does not. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  /** Longer than a model thinks. */
  private static final long IDLE_TIMEOUT_MILLIS = 900_000;

  private final Server server;
  private final ServerConnector connector;
  private final boolean secure;
  private final Doors doors;
  private final Heartbeats heartbeats;

  /**
   * Where the gateway listens.
   *
   * @param address to bind to
   * @param port 0 for any that is free
   * @param tls keys and trusted authorities; empty for plain HTTP, on loopback and in tests
   * @param quiet for how long a stream of events may be quiet before its client gets a comment
   */
  public record Listen(
      String address, int port, Optional<SslContextFactory.Server> tls, Duration quiet) {

    /** With comments as often as most clients need them. */
    public Listen(String address, int port, Optional<SslContextFactory.Server> tls) {
      this(address, port, tls, QUIET);
    }
  }

  /** A server of calls alone. */
  public GatewayServer(Listen listen, Doors doors) {
    this(listen, doors, new Handler.Sequence());
  }

  /**
   * @param tokens asked before the doors: where tokens are exchanged
   */
  public GatewayServer(Listen listen, Doors doors, Handler tokens) {
    this.doors = doors;
    this.heartbeats = new Heartbeats(listen.quiet());
    this.secure = listen.tls().isPresent();
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("gateway");
    threads.setDaemon(true);
    Executor virtual =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("gateway-", 0).factory());
    threads.setVirtualThreadsExecutor(virtual);
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1, protocols(listen));
    connector.setHost(listen.address());
    connector.setPort(listen.port());
    connector.setIdleTimeout(IDLE_TIMEOUT_MILLIS);
    server.addConnector(connector);
    server.setHandler(new OnVirtualThreads(virtual, new Handler.Sequence(tokens, new Entry())));
  }

  private static ConnectionFactory[] protocols(Listen listen) {
    HttpConfiguration http = StrictHttp.configuration();
    HttpConnectionFactory http1 = new HttpConnectionFactory(http);
    if (listen.tls().isEmpty()) {
      return new ConnectionFactory[] {http1, new HTTP2CServerConnectionFactory(http)};
    }
    // Before the next one, which makes every address one of https.
    http.addCustomizer((request, _) -> JettyExchange.noteAddress(request));
    http.addCustomizer(new SecureRequestCustomizer(false));
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(listen.tls().get(), alpn.getProtocol()),
      alpn,
      new HTTP2ServerConnectionFactory(http),
      http1
    };
  }

  private final class Entry extends Handler.Abstract {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      try {
        try (JettyExchange exchange = new JettyExchange(request, response, heartbeats)) {
          serve(exchange, request);
        }
        callback.succeeded();
      } catch (IOException e) {
        log.debug("{} ended: {}", request.getHttpURI().getPath(), e.toString());
        callback.failed(e);
      } catch (RuntimeException e) {
        log.error("{} failed", request.getHttpURI().getPath(), e);
        Response.writeError(request, response, callback, 500);
      }
      return true;
    }

    private void serve(JettyExchange exchange, Request request) throws IOException {
      try {
        Optional<URI> elsewhere = exchange.elsewhere();
        if (request.getMethod().equals("CONNECT")) {
          doors.refuseTunnel(exchange, request.getHttpURI().getAuthority());
        } else if (elsewhere.isPresent()) {
          doors.serveAddress(exchange, elsewhere.get());
        } else {
          doors.serve(exchange, Request.getPathInContext(request));
        }
      } catch (Refusal e) {
        if (exchange.isCommitted()) {
          throw new IOException("the answer had begun", e);
        }
        exchange.sendText(e.status(), e.reason(), e.headers());
      }
    }
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
      throw new IOException("the gateway cannot listen: " + e.getMessage(), e);
    }
  }

  public URI uri() {
    String host = connector.getHost();
    return URI.create(
        "%s://%s:%d/"
            .formatted(
                secure ? "https" : "http",
                host.contains(":") ? "[" + host + "]" : host,
                connector.getLocalPort()));
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the gateway did not stop", e);
    } finally {
      heartbeats.close();
    }
  }
}
