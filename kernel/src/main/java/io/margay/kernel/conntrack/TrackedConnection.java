package io.margay.kernel.conntrack;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the kernel's table has it.
 *
 * @param id tells two connections of the same addresses and ports apart while they live
 * @param original from the side that opened it, before translation
 * @param reply from the other side, after translation of destinations (services) and sources
 * @param mark the connection mark
 * @param status bits of the kernel's {@code enum ip_conntrack_status}
 * @param sent what the opening side sent, or null when the namespace does not count (see {@link
 *     Conntrack#COUNTING}) or the event carries no counters
 * @param received what came back
 */
public record TrackedConnection(
    int id,
    ConnectionTuple original,
    ConnectionTuple reply,
    int mark,
    int status,
    @Nullable Counters sent,
    @Nullable Counters received) {
  static final int SEEN_REPLY = 1 << 1;
  static final int ASSURED = 1 << 2;

  /**
   * Totals of one direction since the connection began.
   *
   * @param bytes with IP headers
   */
  public record Counters(long packets, long bytes) {}

  /** Whether an address is on either side, before or after translation. */
  boolean has(InetAddress address) {
    return original.source().equals(address)
        || original.destination().equals(address)
        || reply.source().equals(address)
        || reply.destination().equals(address);
  }

  /** Whether packets went both ways. */
  public boolean seenReply() {
    return (status & SEEN_REPLY) != 0;
  }

  /** Whether it is established, so that the kernel does not drop it early. */
  public boolean assured() {
    return (status & ASSURED) != 0;
  }
}
