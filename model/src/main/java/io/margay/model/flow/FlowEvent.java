package io.margay.model.flow;

import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a dataplane saw of one connection at one judged endpoint. */
public sealed interface FlowEvent {
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
   */
  record Judged(
      Instant at,
      String node,
      Packet packet,
      Direction direction,
      Outcome outcome,
      long bytes,
      long connections,
      @Nullable ServiceAddress serviceAddress)
      implements FlowEvent {}

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
