package io.margay.agents.redirect;

import io.margay.kernel.KernelException;
import io.margay.kernel.conntrack.ConnectionTuple;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.conntrack.TrackedConnection;
import io.margay.kernel.netns.NetworkNamespace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the gateway of connections that do not speak HTTP. It asks for the tunnel that each would
 * have needed; the gateway has none, and records for whom and where to.
 */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);
  private static final int TCP = 6;
  private static final int TIMEOUT_MILLIS = 10_000;

  private final NetworkNamespace namespace;
  private final GatewayAddress gateway;

  /**
   * @param namespace whose kernel remembers where a connection was going
   */
  Attempts(NetworkNamespace namespace, GatewayAddress gateway) {
    this.namespace = namespace;
    this.gateway = gateway;
  }

  /**
   * Has the gateway record a connection, or says in the log why not. It is refused in any case.
   *
   * @param client the agent's end
   * @param listener our end
   */
  void tell(InetSocketAddress client, InetSocketAddress listener) {
    InetSocketAddress meant = meant(client, listener);
    String authority = meant.getAddress().getHostAddress() + ":" + meant.getPort();
    try {
      String answer = ask(authority);
      log.info("A connection to {} was refused, since it is not HTTP: {}", authority, answer);
    } catch (IOException e) {
      log.warn(
          "A connection to {} was refused, since it is not HTTP, and could not be recorded: {}",
          authority,
          e.toString());
    }
  }

  private String ask(String authority) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(gateway.address(), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      try (Socket tls =
          gateway
              .tls()
              .getSocketFactory()
              .createSocket(
                  socket, gateway.address().getHostString(), gateway.address().getPort(), true)) {
        String request = "CONNECT %1$s HTTP/1.1\r\nHost: %1$s\r\n\r\n".formatted(authority);
        tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status =
            new BufferedReader(
                    new InputStreamReader(tls.getInputStream(), StandardCharsets.ISO_8859_1))
                .readLine();
        if (status == null) {
          throw new IOException("the gateway gave no answer");
        }
        return status;
      }
    }
  }

  /** Where the client wanted to go; our own end where the kernel does not tell. */
  private InetSocketAddress meant(InetSocketAddress client, InetSocketAddress listener) {
    try (Conntrack table = Conntrack.open(namespace)) {
      return table.connections().stream()
          .filter(connection -> goesBack(connection.reply(), listener, client))
          .findFirst()
          .map(TrackedConnection::original)
          .map(tuple -> new InetSocketAddress(tuple.destination(), tuple.destinationPort()))
          .orElse(listener);
    } catch (KernelException e) {
      log.warn("The kernel does not tell where a connection was going: {}", e.getMessage());
      return listener;
    }
  }

  private static boolean goesBack(
      ConnectionTuple reply, InetSocketAddress listener, InetSocketAddress client) {
    return reply.protocol() == TCP
        && reply.sourcePort() == listener.getPort()
        && reply.destination().equals(client.getAddress())
        && reply.destinationPort() == client.getPort();
  }
}
