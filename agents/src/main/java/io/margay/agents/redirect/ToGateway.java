package io.margay.agents.redirect;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpProxy;
import org.eclipse.jetty.client.Origin;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes requests to the gateway with the addresses that they are for, and its answers back. */
final class ToGateway extends ProxyHandler.Forward {
  private static final Logger log = LoggerFactory.getLogger(ToGateway.class);
  private static final int THREADS = 4;
  private static final long CONNECT_MILLIS = 5_000;
  private static final long IDLE_MILLIS = 900_000;

  /** Each open stream of the agent is a connection. */
  private static final int MAX_CONNECTIONS = 10_000;

  private final GatewayAddress gateway;

  ToGateway(GatewayAddress gateway) {
    this.gateway = gateway;
  }

  @Override
  protected HttpClient newHttpClient() {
    SslContextFactory.Client tls = new SslContextFactory.Client();
    tls.setSslContext(gateway.tls());
    ClientConnector connector = new ClientConnector();
    connector.setSslContextFactory(tls);
    HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(connector));
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("redirect-client");
    threads.setDaemon(true);
    client.setExecutor(threads);
    client.setUserAgentField(null);
    client.setConnectTimeout(CONNECT_MILLIS);
    client.setIdleTimeout(IDLE_MILLIS);
    client.setMaxConnectionsPerDestination(MAX_CONNECTIONS);
    Origin.Address address =
        new Origin.Address(gateway.address().getHostString(), gateway.address().getPort());
    client.getProxyConfiguration().addProxy(new HttpProxy(address, true));
    return client;
  }

  /** None: the gateway is told nothing that the agent did not say. */
  @Override
  protected void addProxyHeaders(Request fromAgent, org.eclipse.jetty.client.Request toGateway) {}

  @Override
  protected void onServerToProxyResponseFailure(
      Request fromAgent,
      org.eclipse.jetty.client.Request toGateway,
      org.eclipse.jetty.client.Response fromGateway,
      Response toAgent,
      Callback callback,
      Throwable failure) {
    if (toAgent.isCommitted()) {
      log.debug("An answer broke off: {}", failure.toString());
    } else {
      log.warn("A request did not get through to the gateway: {}", failure.toString());
    }
    super.onServerToProxyResponseFailure(
        fromAgent, toGateway, fromGateway, toAgent, callback, failure);
  }
}
