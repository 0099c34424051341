package io.margay.kernel.route;

import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.NetlinkListener;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of every link and route change in a namespace. What happened before it was opened is not
 * told, so open it first and list afterwards.
 */
public final class RouteMonitor implements AutoCloseable {
  private static final int RTNLGRP_LINK = 1;
  private static final int RTNLGRP_IPV4_ROUTE = 7;
  private static final int RTNLGRP_IPV6_ROUTE = 11;
  private static final int BUFFER_BYTES = 4 * 1024 * 1024;

  private final NetlinkListener listener;

  private RouteMonitor(NetlinkListener listener) {
    this.listener = listener;
  }

  /**
   * @param events called on the monitor's thread; must not block for long
   */
  public static RouteMonitor open(NetworkNamespace namespace, Consumer<RouteEvent> events) {
    NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.Family.ROUTE);
    try {
      socket.setReceiveBuffer(BUFFER_BYTES);
      socket.join(RTNLGRP_LINK);
      socket.join(RTNLGRP_IPV4_ROUTE);
      socket.join(RTNLGRP_IPV6_ROUTE);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
    return new RouteMonitor(
        NetlinkListener.start(
            "route-monitor",
            socket,
            new NetlinkListener.Handler() {
              @Override
              public void message(Message message) {
                RouteEvent event = read(message);
                if (event != null) {
                  events.accept(event);
                }
              }

              @Override
              public void overrun() {
                events.accept(new RouteEvent.Resync());
              }
            }));
  }

  private static @Nullable RouteEvent read(Message message) {
    return switch (message.type()) {
      case LinkMessages.NEW -> new RouteEvent.LinkChanged(LinkMessages.read(message));
      case LinkMessages.DELETE -> new RouteEvent.LinkRemoved(LinkMessages.read(message));
      case RouteMessages.NEW_ROUTE, RouteMessages.DELETE_ROUTE -> readRoute(message);
      default -> null;
    };
  }

  private static @Nullable RouteEvent readRoute(Message message) {
    Route route = RouteMessages.read(message);
    if (route == null) {
      return null;
    }
    return message.type() == RouteMessages.NEW_ROUTE
        ? new RouteEvent.RouteChanged(route)
        : new RouteEvent.RouteRemoved(route);
  }

  @Override
  public void close() {
    listener.close();
  }
}
