package io.margay.policy.decide;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import java.util.List;

/**
 * A connection that somebody wants to open.
 *
 * @param family picks among the addresses of the peers
 * @param sourcePort 0 for protocols without ports
 * @param destinationPort a port, or for ICMP {@code type << 8 | code}
 * @param via the host endpoints that forward the connection's packets, in order
 */
public record Connection(
    PathPeer from,
    PathPeer to,
    IpFamily family,
    Protocol protocol,
    int sourcePort,
    int destinationPort,
    List<Via> via) {
  public Connection {
    via = List.copyOf(via);
  }

  /** A forwarding host endpoint, and whether packets come in or go out there. */
  public record Via(String hostEndpoint, Direction direction) {}
}
