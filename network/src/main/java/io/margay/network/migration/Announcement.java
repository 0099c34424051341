package io.margay.network.migration;

import java.util.Arrays;

/**
 * What a hypervisor sends when a machine begins to run at its new place, so that the network learns
 * where it is: a RARP request (QEMU), or an ARP packet in which sender and target are the same.
 */
final class Announcement {
  private static final int TYPE_AT = 12;
  private static final int PAYLOAD_AT = 14;
  private static final int ARP = 0x0806;
  private static final int RARP = 0x8035;

  /** Of ARP for IPv4 over Ethernet. */
  private static final int ARP_BYTES = 28;

  private static final byte[] IPV4_OVER_ETHERNET = {0, 1, 8, 0, 6, 4};
  private static final int SENDER_AT = PAYLOAD_AT + 14;
  private static final int TARGET_AT = PAYLOAD_AT + 24;
  private static final int IPV4_BYTES = 4;

  private Announcement() {}

  /** Whether an Ethernet frame is one. */
  static boolean isIn(byte[] frame) {
    if (frame.length < PAYLOAD_AT + ARP_BYTES) {
      return false;
    }
    int type = Byte.toUnsignedInt(frame[TYPE_AT]) << 8 | Byte.toUnsignedInt(frame[TYPE_AT + 1]);
    return switch (type) {
      case RARP -> true;
      case ARP ->
          matches(frame, PAYLOAD_AT, IPV4_OVER_ETHERNET)
              && matches(
                  frame, TARGET_AT, Arrays.copyOfRange(frame, SENDER_AT, SENDER_AT + IPV4_BYTES));
      default -> false;
    };
  }

  private static boolean matches(byte[] frame, int at, byte[] expected) {
    return Arrays.equals(frame, at, at + expected.length, expected, 0, expected.length);
  }
}
