package io.margay.flows;

import io.margay.model.flow.FlowEvent;
import io.margay.model.net.Protocol;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What makes two connections the same flow.
 *
 * @param destPort 0 for protocols without ports
 * @param service null where the client did not use a service address
 * @param dscp the class of service of the first packet, 0 to 63; {@value #UNKNOWN_DSCP} where
 *     nobody saw it
 * @param process the program at the reporting end; empty where nobody knows it
 */
public record FlowKey(
    FlowPeer source,
    FlowPeer dest,
    int destPort,
    @Nullable FlowService service,
    Protocol protocol,
    Reporter reporter,
    PolicyTrace trace,
    int dscp,
    String process) {
  /** Stands for a class of service that nobody saw. */
  public static final int UNKNOWN_DSCP = FlowEvent.UNKNOWN_DSCP;

  public FlowKey {
    if (dscp < UNKNOWN_DSCP || dscp > 63) {
      throw new IllegalArgumentException("DSCP " + dscp + " is not between 0 and 63");
    }
  }

  /** A key of which neither the class of service nor the process is known. */
  public FlowKey(
      FlowPeer source,
      FlowPeer dest,
      int destPort,
      @Nullable FlowService service,
      Protocol protocol,
      Reporter reporter,
      PolicyTrace trace) {
    this(source, dest, destPort, service, protocol, reporter, trace, UNKNOWN_DSCP, "");
  }

  /** The protocol as flow records write it: {@code tcp}, {@code icmp6}, or a number. */
  public String protocolName() {
    return protocolName(protocol);
  }

  /** A protocol as flow records write it. */
  public static String protocolName(Protocol protocol) {
    return switch (protocol.number()) {
      case 1 -> "icmp";
      case 4 -> "ipip";
      case 6 -> "tcp";
      case 17 -> "udp";
      case 50 -> "esp";
      case 58 -> "icmp6";
      case 132 -> "sctp";
      case 136 -> "udplite";
      default -> Integer.toString(protocol.number());
    };
  }

  /** Of what tells most keys apart: keys are looked up for every flow update. */
  @Override
  public int hashCode() {
    int hash = source.name().hashCode();
    hash = 31 * hash + source.namespace().hashCode();
    hash = 31 * hash + dest.name().hashCode();
    hash = 31 * hash + dest.namespace().hashCode();
    hash = 31 * hash + destPort;
    hash = 31 * hash + reporter.ordinal();
    return 31 * hash + trace.hashCode();
  }

  /** As records do, beginning with what is compared fast and differs most. */
  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof FlowKey key
            && destPort == key.destPort
            && reporter == key.reporter
            && dscp == key.dscp
            && protocol.number() == key.protocol.number()
            && source.equals(key.source)
            && dest.equals(key.dest)
            && Objects.equals(service, key.service)
            && process.equals(key.process)
            && (trace == key.trace || trace.equals(key.trace)));
  }
}
