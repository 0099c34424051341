package io.margay.kernel.conntrack;

import org.jspecify.annotations.Nullable;

/**
 * A connection with all that another kernel needs to go on with it. Counters are not among that: no
 * kernel lets them be set.
 *
 * @param status bits of the kernel's {@code enum ip_conntrack_status}
 * @param timeoutSeconds until the kernel forgets it, unless packets come
 * @param tcp null for other protocols
 */
public record MovableConnection(
    ConnectionTuple original,
    ConnectionTuple reply,
    int mark,
    int status,
    int timeoutSeconds,
    @Nullable Tcp tcp) {
  /** {@code TCP_CONNTRACK_ESTABLISHED}; the states after it, up to this, still carry data. */
  private static final int ESTABLISHED = 3;

  private static final int LAST_ACK = 6;
  private static final int UDP = 17;

  /**
   * What is tracked of a TCP connection. Windows are not: whoever goes on with it takes what comes.
   *
   * @param state of the kernel's {@code enum tcp_conntrack}
   * @param originalScale the window scale of the opening side
   * @param originalFlags of the opening side: what it may do
   */
  public record Tcp(
      int state, int originalScale, int replyScale, int originalFlags, int replyFlags) {
    boolean carriesData() {
      return state >= ESTABLISHED && state <= LAST_ACK;
    }
  }

  /** The same with only these bits of its mark. */
  public MovableConnection withMark(int mask) {
    return new MovableConnection(original, reply, mark & mask, status, timeoutSeconds, tcp);
  }

  /** The reply that would come without translation of addresses. */
  ConnectionTuple plainReply() {
    return new ConnectionTuple(
        original.destination(),
        original.source(),
        original.protocol(),
        original.destinationPort(),
        original.sourcePort());
  }

  /** Whether the destination is translated, as that of a service is. */
  boolean translatesDestination() {
    return !reply.source().equals(original.destination())
        || reply.sourcePort() != original.destinationPort();
  }

  /** Whether the source is translated: to an address that only this node has. */
  private boolean translatesSource() {
    return !reply.destination().equals(original.source())
        || reply.destinationPort() != original.sourcePort();
  }

  /** Whether it can go on elsewhere: established, and bound to no address of this node. */
  public boolean isMovable() {
    boolean underWay = tcp == null ? original.protocol() == UDP : tcp.carriesData();
    return underWay && (status & TrackedConnection.SEEN_REPLY) != 0 && !translatesSource();
  }
}
