package io.margay.flows;

import io.margay.model.flow.FlowEvent;
import io.margay.model.net.Protocol;
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
}
