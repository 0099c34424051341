package io.margay.kernel.nflog;

import java.util.Arrays;

/**
 * A packet that a rule logged.
 *
 * @param mark the packet mark at that rule; 0 when none was set
 * @param prefix the rule's prefix, or empty
 * @param hook where: 0 prerouting, 1 input, 2 forward, 3 output, 4 postrouting
 * @param inDevice index of the interface it came in by, or 0
 * @param outDevice index of the interface it leaves by, or 0
 * @param timestampMicros since 1970, when it was received; 0 when the kernel did not say
 * @param header the packet from its IP header on, as many bytes as were asked for
 */
public record LoggedPacket(
    int mark,
    String prefix,
    int hook,
    int inDevice,
    int outDevice,
    long timestampMicros,
    byte[] header) {

  @Override
  public boolean equals(Object other) {
    return other instanceof LoggedPacket packet
        && mark == packet.mark
        && prefix.equals(packet.prefix)
        && hook == packet.hook
        && inDevice == packet.inDevice
        && outDevice == packet.outDevice
        && timestampMicros == packet.timestampMicros
        && Arrays.equals(header, packet.header);
  }

  @Override
  public int hashCode() {
    return 31 * mark + Arrays.hashCode(header);
  }
}
