package io.margay.model.vector;

import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection and what must become of it on its whole way: the source's egress, the host endpoints
 * that forward it, the destination's ingress.
 *
 * @param sourcePort 0 for protocols without ports
 * @param destinationPort as {@link io.margay.model.net.Packet} has it: for ICMP the type and code
 * @param via the host endpoints that forward the packet, in order
 * @param trace null when the vector does not say
 * @param pendingVerdict with staged policies taken as enforced; null when the vector does not say
 * @param pendingTrace null when the vector does not say
 */
public record Expectation(
    VectorPeer from,
    VectorPeer to,
    IpFamily family,
    Protocol protocol,
    int sourcePort,
    int destinationPort,
    List<Via> via,
    Verdict verdict,
    @Nullable VectorTrace trace,
    @Nullable Verdict pendingVerdict,
    @Nullable VectorTrace pendingTrace) {
  /** The source port of connections for which the vector gives none. */
  public static final int EPHEMERAL_PORT = 40_000;

  public Expectation {
    via = List.copyOf(via);
  }

  /** A host endpoint that forwards the packet, and whether it comes in or goes out there. */
  public record Via(String hostEndpoint, Direction direction) {}

  /** {@code prod/web -> prod/db TCP 5432}. */
  @Override
  public String toString() {
    String port =
        protocol.isIcmp()
            ? " type " + (destinationPort >> 8) + " code " + (destinationPort & 0xff)
            : protocol.hasPorts() ? " " + destinationPort : "";
    String source = sourcePort == EPHEMERAL_PORT || sourcePort == 0 ? "" : " from " + sourcePort;
    String version = family == IpFamily.IPV6 ? " IPv6" : "";
    return from + " -> " + to + " " + protocol + port + source + version;
  }
}
