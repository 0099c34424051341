package io.margay.agents.redirect;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.AbstractConnectionFactory;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.util.BufferUtil;

/**
 * Connections whose first bytes are not those of an HTTP/1.1 request that could be decided about:
 * TLS, tunnels, everything else. They are told to the gateway, and closed.
 */
final class NotHttp extends AbstractConnectionFactory implements ConnectionFactory.Detecting {
  private static final List<String> BEGINNINGS =
      List.of("GET ", "POST ", "PUT ", "PATCH ", "DELETE ", "HEAD ", "OPTIONS ");

  private final Attempts attempts;

  NotHttp(Attempts attempts) {
    super("not-http");
    this.attempts = attempts;
  }

  /** Looks at the bytes and leaves them where they are. */
  @Override
  public Detection detect(ByteBuffer buffer) {
    String first = StandardCharsets.ISO_8859_1.decode(buffer.slice()).toString();
    if (BEGINNINGS.stream().anyMatch(first::startsWith)) {
      return Detection.NOT_RECOGNIZED;
    }
    return BEGINNINGS.stream().anyMatch(beginning -> beginning.startsWith(first))
        ? Detection.NEED_MORE_BYTES
        : Detection.RECOGNIZED;
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    return configure(new Closing(connector, endPoint), connector, endPoint);
  }

  private final class Closing extends AbstractConnection implements Connection.UpgradeTo {
    private Closing(Connector connector, EndPoint endPoint) {
      super(endPoint, connector.getExecutor());
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
      BufferUtil.clear(buffer);
    }

    @Override
    public void onOpen() {
      super.onOpen();
      Thread.ofVirtual().name("not-http").start(this::tellAndClose);
    }

    private void tellAndClose() {
      try {
        if (getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress client
            && getEndPoint().getLocalSocketAddress() instanceof InetSocketAddress listener) {
          attempts.tell(client, listener);
        }
      } finally {
        getEndPoint().close();
      }
    }

    @Override
    public void onFillable() {
      // Nothing more is read.
    }
  }
}
