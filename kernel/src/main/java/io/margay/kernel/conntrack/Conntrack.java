package io.margay.kernel.conntrack;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.util.List;
import java.util.Optional;

/** The table of connections of one namespace, usable from any thread. */
public final class Conntrack implements AutoCloseable {
  /**
   * The setting (1 or 0) that makes connections begun from now on carry counters. {@link
   * #startCounting} sets it.
   */
  public static final String COUNTING = "net/netfilter/nf_conntrack_acct";

  private final NetlinkSocket socket;

  private Conntrack(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static Conntrack open(NetworkNamespace namespace) {
    return new Conntrack(NetlinkSocket.open(namespace, NetlinkSocket.Family.NETFILTER));
  }

  /** Lets connections that begin from now on carry counters. */
  public static void startCounting(NetworkNamespace namespace) {
    namespace.setSysctl(COUNTING, "1");
  }

  /** All connections, IPv4 and IPv6. */
  public List<TrackedConnection> connections() {
    return socket.dump(ConntrackMessages.all(), "connections", ConntrackMessages::read);
  }

  /** The connections whose mark, under a mask, is this one; the kernel picks them. */
  public List<TrackedConnection> connections(int mark, int mask) {
    return socket.dump(
        ConntrackMessages.marked(mark, mask), "connections", ConntrackMessages::read);
  }

  /** All connections that can go on in another kernel. */
  public List<MovableConnection> movable() {
    return socket
        .dump(ConntrackMessages.all(), "connections", ConntrackMessages::readMovable)
        .stream()
        .filter(MovableConnection::isMovable)
        .toList();
  }

  /**
   * Takes over a connection of another kernel: its next packet belongs to it, and does not begin a
   * new one.
   *
   * @return false when there is one with its addresses and ports already
   */
  public boolean insert(MovableConnection connection) {
    try {
      socket.request(ConntrackMessages.insert(connection), connection.original().toString());
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.EEXIST)) {
        return false;
      }
      throw e;
    }
  }

  /** The connection of a tuple, if there is one. */
  public Optional<TrackedConnection> connection(ConnectionTuple original) {
    try {
      return Optional.of(
          socket.query(
              ConntrackMessages.get(original),
              original.toString(),
              message -> {
                TrackedConnection connection = ConntrackMessages.read(message);
                if (connection == null) {
                  throw new IllegalStateException("a connection without tuples");
                }
                return connection;
              }));
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * Forgets a connection: its next packet is judged as the first of a new one.
   *
   * @return false when there was none
   */
  public boolean delete(ConnectionTuple original) {
    try {
      socket.request(ConntrackMessages.delete(original), original.toString());
      return true;
    } catch (KernelException e) {
      if (e.is(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
