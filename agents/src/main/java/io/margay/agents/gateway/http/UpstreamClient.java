package io.margay.agents.gateway.http;

import java.util.List;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.ProxyAuthenticationProtocolHandler;
import org.eclipse.jetty.client.RedirectProtocolHandler;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Jetty's HTTP client without all that it would do by itself: it follows no redirect, keeps no
 * cookie, answers no challenge, asks for no compression and does not say who it is.
 */
final class UpstreamClient {
  private static final int THREADS = 4;
  private static final long CONNECT_MILLIS = 5_000;

  /**
   * As long as the gateway's own connections may be quiet; a model may think for minutes before it
   * begins to answer.
   */
  private static final long IDLE_MILLIS = 900_000;

  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Each stream to a server is a connection; there may be as many as agents can open. */
  private static final int MAX_CONNECTIONS = 65_536;

  private UpstreamClient() {}

  static HttpClient start(UpstreamAuthorities authorities) {
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(authorities.client());
    connector.setSelectors(1);
    HttpClientTransportOverHTTP transport = new HttpClientTransportOverHTTP(connector);
    // Whoever waits for an answer is only woken: no other thread is needed for that.
    transport.setInvocationType(InvocationType.NON_BLOCKING);
    HttpClient client = new HttpClient(transport);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("upstream");
    threads.setDaemon(true);
    client.setExecutor(threads);
    client.setConnectTimeout(CONNECT_MILLIS);
    client.setIdleTimeout(IDLE_MILLIS);
    client.setDestinationIdleTimeout(IDLE_MILLIS);
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    client.setMaxResponseHeadersSize(MAX_HEADER_BYTES);
    client.setMaxRequestHeadersSize(MAX_HEADER_BYTES);
    client.setFollowRedirects(false);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setUserAgentField(null);
    client.setDefaultRequestContentType(null);
    try {
      client.start();
    } catch (Exception e) {
      throw new IllegalStateException("the client of the gateway does not start", e);
    }
    // These are there only once it runs.
    client.getContentDecoderFactories().clear();
    List.of(
            RedirectProtocolHandler.NAME,
            WWWAuthenticationProtocolHandler.NAME,
            ProxyAuthenticationProtocolHandler.NAME)
        .forEach(client.getProtocolHandlers()::remove);
    return client;
  }

  /** What a failure means to a caller; some have no message of their own. */
  static String reason(Throwable cause) {
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  static void stop(HttpClient client) {
    try {
      client.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the client of the gateway did not stop", e);
    }
  }
}
