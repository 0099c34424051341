package io.margay.kernel.conntrack;

import io.margay.kernel.netlink.Flags;
import io.margay.kernel.netlink.Message;
import io.margay.kernel.netlink.NetfilterMessages;
import io.margay.kernel.netlink.NetlinkListener;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells of connections that begin, change and end in one namespace. Connections that were made
 * before it was opened may send no events: the kernel decides at their first packet.
 */
public final class ConntrackMonitor implements AutoCloseable {
  /** What to be told of. */
  public enum Kind {
    BEGUN(1),
    CHANGED(2),
    ENDED(3);

    private final int group;

    Kind(int group) {
      this.group = group;
    }
  }

  private static final int BUFFER_BYTES = 16 * 1024 * 1024;

  private final NetlinkListener listener;
  private final AtomicLong overruns = new AtomicLong();

  private ConntrackMonitor(NetlinkSocket socket, Consumer<ConntrackEvent> events) {
    this.listener =
        NetlinkListener.start(
            "conntrack-monitor",
            socket,
            new NetlinkListener.Handler() {
              @Override
              public void message(Message message) {
                ConntrackEvent event = read(message);
                if (event != null) {
                  events.accept(event);
                }
              }

              @Override
              public void overrun() {
                overruns.incrementAndGet();
                events.accept(new ConntrackEvent.Resync());
              }
            });
  }

  /**
   * Starts to listen.
   *
   * @param events called on the monitor's thread; must not block for long
   */
  public static ConntrackMonitor open(
      NetworkNamespace namespace, Set<Kind> kinds, Consumer<ConntrackEvent> events) {
    NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER);
    try {
      socket.setReceiveBuffer(BUFFER_BYTES);
      kinds.forEach(kind -> socket.join(kind.group));
      return new ConntrackMonitor(socket, events);
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static @Nullable ConntrackEvent read(Message message) {
    TrackedConnection connection = ConntrackMessages.read(message);
    if (connection == null) {
      return null;
    }
    if (message.type()
        == NetfilterMessages.type(NetfilterMessages.CONNTRACK, ConntrackMessages.DELETE)) {
      return new ConntrackEvent.Ended(connection);
    }
    return (message.flags() & Flags.CREATE) != 0
        ? new ConntrackEvent.Begun(connection)
        : new ConntrackEvent.Changed(connection);
  }

  /** How often events were lost. */
  public long overruns() {
    return overruns.get();
  }

  @Override
  public void close() {
    listener.close();
  }
}
