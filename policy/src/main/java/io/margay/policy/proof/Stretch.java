package io.margay.policy.proof;

import io.margay.model.net.Packet;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.policy.proof.PlaceKind.Pair;

/**
 * Packets between two places that nobody tells apart.
 *
 * @param others whether the protocol stands for every protocol that nobody names, too
 * @param source source ports; all of them for protocols without ports
 * @param destination destination ports, or for ICMP {@code type << 8 | code}
 */
record Stretch(Protocol protocol, boolean others, PortRange source, PortRange destination) {

  static Stretch of(Packet packet) {
    return new Stretch(
        packet.protocol(),
        false,
        PortRange.of(packet.sourcePort()),
        PortRange.of(packet.destinationPort()));
  }

  /** The stretch of one packet of this one. */
  Stretch one() {
    return new Stretch(
        protocol, others, PortRange.of(PortCuts.client(source)), PortRange.of(destination.first()));
  }

  /** One of the packets. */
  Packet packet(Pair pair) {
    return new Packet(
        pair.from().address(),
        pair.to().address(),
        protocol,
        protocol.hasPorts() ? PortCuts.client(source) : 0,
        protocol.hasPorts() || protocol.isIcmp() ? destination.first() : 0);
  }
}
