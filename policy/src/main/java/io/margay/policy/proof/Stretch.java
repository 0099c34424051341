package io.margay.policy.proof;

import io.margay.model.assertion.Expectation;
import io.margay.model.assertion.Traffic;
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

  /** Whether they are of some traffic, which names all of them or none. */
  boolean isOf(Traffic traffic) {
    return traffic.covers(protocol, destination.first());
  }

  /** Whether somebody expects them to turn so. */
  boolean isExpected(Expectation expectation, Verdicts verdicts) {
    return verdicts.differ()
        && verdicts.after() == expectation.allowed()
        && isOf(expectation.traffic());
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
