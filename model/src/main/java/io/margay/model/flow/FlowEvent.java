package io.margay.model.flow;

import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a dataplane saw of one connection at one judged endpoint. */
public sealed interface FlowEvent {
  /** Stands for a class of service that nobody saw. */
  int UNKNOWN_DSCP = -1;

  Instant at();

  /** The connection's first packet as it was judged, destination after NAT. */
  Packet packet();

  /** Ingress is reported by the destination, egress by the source. */
  Direction direction();

  Outcome outcome();

  /**
   * A new connection, or an attempt that was denied.
   *
   * @param node the node that saw it
   * @param bytes the length of the first packet
   * @param connections how many attempts this event stands for: more than one when events were
   *     skipped by a rate limit and only counted
   * @param serviceAddress where the client thought it was going, before NAT; null without NAT
   * @param dscp the class of service in the packet's header, 0 to 63; {@link #UNKNOWN_DSCP} where
   *     the dataplane does not see it
   */
  record Judged(
      Instant at,
      String node,
      Packet packet,
      Direction direction,
      Outcome outcome,
      long bytes,
      long connections,
      @Nullable ServiceAddress serviceAddress,
      int dscp)
      implements FlowEvent {

    /** An event whose packet's class of service was not seen. */
    public Judged(
        Instant at,
        String node,
        Packet packet,
        Direction direction,
        Outcome outcome,
        long bytes,
        long connections,
        @Nullable ServiceAddress serviceAddress) {
      this(at, node, packet, direction, outcome, bytes, connections, serviceAddress, UNKNOWN_DSCP);
    }
  }

  /**
   * Counters of a tracked connection, as the difference since its last such event.
   *
   * @param in seen from the client: towards the destination
   * @param ended whether the connection is over
   */
  record Counted(
      Instant at,
      String node,
      Packet packet,
      Direction direction,
      Outcome outcome,
      Traffic in,
      Traffic out,
      boolean ended)
      implements FlowEvent {}

  /** An amount of traffic. */
  record Traffic(long packets, long bytes) {
    public static final Traffic NONE = new Traffic(0, 0);
  }

  /** An address and port before destination NAT. */
  record ServiceAddress(io.margay.model.net.IpAddress address, int port) {}
}
