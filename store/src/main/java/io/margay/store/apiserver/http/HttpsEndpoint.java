package io.margay.store.apiserver.http;

import io.margay.store.apiserver.tls.Identity;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Serves a handler over HTTPS, HTTP/1.1 and HTTP/2, each request on a virtual thread. */
public final class HttpsEndpoint implements AutoCloseable {
  /** Longer than any watch may last, as a quiet watch sends nothing. */
  private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(65);

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

  private final Server server;
  private final ServerConnector connector;
  private final String host;

  private HttpsEndpoint(Server server, ServerConnector connector, String host) {
    this.server = server;
    this.connector = connector;
    this.host = host;
  }

  /**
   * @param port 0 for any free one
   * @throws IOException if the address cannot be bound
   */
  public static HttpsEndpoint start(String host, int port, Identity identity, Handler handler)
      throws IOException, GeneralSecurityException {
    QueuedThreadPool threads = new QueuedThreadPool(64, 4);
    threads.setName("apiserver");
    threads.setDaemon(true);
    Executor virtual =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("apiserver-request-", 0).factory());
    threads.setVirtualThreadsExecutor(virtual);
    Server server = new Server(threads);
    server.setStopTimeout(0);

    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    HTTP2ServerConnectionFactory http2 = new HTTP2ServerConnectionFactory(configuration);
    http2.setStreamIdleTimeout(IDLE_TIMEOUT.toMillis());
    // A watch for every kind and some to spare, on one connection.
    http2.setMaxConcurrentStreams(500);
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
    alpn.setDefaultProtocol(http1.getProtocol());
    SslConnectionFactory tls = new SslConnectionFactory(tls(identity), alpn.getProtocol());

    ServerConnector connector = new ServerConnector(server, tls, alpn, http2, http1);
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
    connector.setShutdownIdleTimeout(STOP_TIMEOUT.toMillis());
    server.addConnector(connector);
    server.setHandler(new OnVirtualThreads(virtual, handler));
    try {
      server.start();
    } catch (Exception e) {
      stop(server);
      throw new IOException("cannot serve on " + host + ":" + port + ": " + rootMessage(e), e);
    }
    return new HttpsEndpoint(server, connector, host);
  }

  private static SslContextFactory.Server tls(Identity identity)
      throws IOException, GeneralSecurityException {
    char[] password = {};
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, password);
    keys.setKeyEntry(
        "server", identity.key(), password, new Certificate[] {identity.certificate()});
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        keyManagers.getKeyManagers(), new TrustManager[] {new LaterJudged()}, new SecureRandom());
    SslContextFactory.Server tls = new SslContextFactory.Server();
    tls.setSslContext(context);
    tls.setWantClientAuth(true);
    return tls;
  }

  /** Where clients find the server. */
  public URI url() {
    String bound = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    String authority = bound.indexOf(':') >= 0 ? "[" + bound + "]" : bound;
    return URI.create("https://" + authority + ":" + connector.getLocalPort());
  }

  @Override
  public void close() {
    stop(server);
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop the API server", e);
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
