package io.margay.agents.redirect;

import io.margay.agents.gateway.http.StrictHttp;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import org.eclipse.jetty.server.DetectorConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Leads all that the programs of a network namespace say to the gateway, in the name of the
 * workload that runs there. They call servers by plain HTTP at the servers' own addresses; the name
 * in the request counts, and the address that it was sent to does not.
 *
 * <pre>
 *  agent's namespace                              │ this process's
 *  program ─► kernel: redirect ─► 127.0.0.1:PORT ─┼─► gateway, as its HTTP proxy, mutual TLS
 * </pre>
 *
 * <p>Nothing goes around it. The rules stay when it ends: until another one replaces them, the
 * namespace reaches nobody.
 */
public final class Redirect implements AutoCloseable {
  private static final int BACKLOG = 128;
  private static final int THREADS = 8;

  /** As long as the gateway's own connections may be quiet. */
  private static final long IDLE_MILLIS = 900_000;

  private final Server server;

  private Redirect(Server server) {
    this.server = server;
  }

  /**
   * Takes over a namespace.
   *
   * @param namespace with its loopback interface up; programs should start in it only afterwards
   * @throws IOException with a message for the user, when the listener cannot be opened
   * @throws io.margay.kernel.nft.NftException when the rules are refused
   */
  public static Redirect start(NetworkNamespace namespace, GatewayAddress gateway)
      throws IOException {
    // On loopback: from outside nobody may speak in the workload's name.
    ServerSocketChannel listener =
        namespace.run(() -> ServerSocketChannel.open(StandardProtocolFamily.INET));
    try {
      listener.bind(new InetSocketAddress("127.0.0.1", 0), BACKLOG);
      try (Nftables nftables = Nftables.open(namespace)) {
        nftables.apply(RedirectRules.to(listener.socket().getLocalPort()));
      }
      Server server = server(listener, namespace, gateway);
      server.start();
      return new Redirect(server);
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    } catch (Exception e) {
      listener.close();
      throw new IOException("the redirect does not start: " + e.getMessage(), e);
    }
  }

  private static Server server(
      ServerSocketChannel listener, NetworkNamespace namespace, GatewayAddress gateway)
      throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS);
    threads.setName("redirect");
    threads.setDaemon(true);
    HttpConfiguration http = StrictHttp.configuration();
    Server server = new Server(threads);
    ServerConnector connector =
        new ServerConnector(
            server,
            1,
            1,
            new DetectorConnectionFactory(new NotHttp(new Attempts(namespace, gateway))),
            new HttpConnectionFactory(http));
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.open(listener);
    server.addConnector(connector);
    server.setHandler(new ToGateway(gateway));
    return server;
  }

  /** Ends all connections, and leaves the rules. */
  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the redirect did not stop", e);
    }
  }
}
