package io.margay.kernel.conntrack;

import io.margay.kernel.Errno;
import io.margay.kernel.KernelException;
import io.margay.kernel.netlink.NetlinkSocket;
import io.margay.kernel.netns.NetworkNamespace;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /** The connections that have an address on either side, before or after translation. */
  public List<TrackedConnection> connections(InetAddress address) {
    // Only of IPv4: by an IPv6 address the kernel does not pick what was asked for (6.18).
    List<TrackedConnection> candidates =
        address instanceof Inet4Address ? picked(address) : connections();
    Map<Integer, TrackedConnection> found = new LinkedHashMap<>();
    candidates.stream()
        .filter(connection -> connection.has(address))
        .forEach(connection -> found.put(connection.id(), connection));
    return List.copyOf(found.values());
  }

  private List<TrackedConnection> picked(InetAddress address) {
    return Arrays.stream(ConntrackMessages.Place.values())
        .flatMap(place ->
            socket
                .dump(
                    ConntrackMessages.with(address, place), "connections", ConntrackMessages::read)
                .stream())
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

  /**
   * Forgets the connections of an address, so that its next holder does not inherit them.
   *
   * @return how many there were
   */
  public int forget(InetAddress address) {
    int forgotten = 0;
    for (TrackedConnection connection : connections(address)) {
      forgotten += delete(connection.original()) ? 1 : 0;
    }
    return forgotten;
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
