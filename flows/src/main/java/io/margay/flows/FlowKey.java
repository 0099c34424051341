package io.margay.flows;

import io.margay.model.net.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * What makes two connections the same flow.
 *
 * @param destPort 0 for protocols without ports
 * @param service null where the client did not use a service address
 */
public record FlowKey(
    FlowPeer source,
    FlowPeer dest,
    int destPort,
    @Nullable FlowService service,
    Protocol protocol,
    Reporter reporter,
    PolicyTrace trace) {

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
