package io.margay.model.net;

import java.util.Locale;

/**
 * An IP protocol number. Resources write it as a name (TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite) or a
 * number from 1 to 255; flows write it in lower case.
 *
 * @param number 1 to 255 as in the IP header
 */
public record Protocol(int number) implements Comparable<Protocol> {
  public static final Protocol ICMP = new Protocol(1);
  public static final Protocol TCP = new Protocol(6);
  public static final Protocol UDP = new Protocol(17);
  public static final Protocol ICMPV6 = new Protocol(58);
  public static final Protocol SCTP = new Protocol(132);
  public static final Protocol UDPLITE = new Protocol(136);

  public Protocol {
    if (number < 1 || number > 255) {
      throw new IllegalArgumentException("protocol " + number + " is not between 1 and 255");
    }
  }

  /**
   * Reads a name (in any case) or a number.
   *
   * @throws IllegalArgumentException with a message fit for a {@code Problem}
   */
  public static Protocol parse(String text) {
    return switch (text.toUpperCase(Locale.ROOT)) {
      case "TCP" -> TCP;
      case "UDP" -> UDP;
      case "ICMP" -> ICMP;
      case "ICMPV6" -> ICMPV6;
      case "SCTP" -> SCTP;
      case "UDPLITE" -> UDPLITE;
      default -> {
        try {
          yield new Protocol(Integer.parseInt(text));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException(
              "\""
                  + text
                  + "\" is not a protocol, write TCP, UDP, ICMP, ICMPv6, SCTP, UDPLite or"
                  + " a number from 1 to 255",
              e);
        }
      }
    };
  }

  /** Whether packets of this protocol carry ports that a rule can name. */
  public boolean hasPorts() {
    return number == TCP.number || number == UDP.number || number == SCTP.number;
  }

  public boolean isIcmp() {
    return number == ICMP.number || number == ICMPV6.number;
  }

  @Override
  public int compareTo(Protocol other) {
    return Integer.compare(number, other.number);
  }

  /** The name as resources write it, or the number. */
  @Override
  public String toString() {
    return switch (number) {
      case 1 -> "ICMP";
      case 6 -> "TCP";
      case 17 -> "UDP";
      case 58 -> "ICMPv6";
      case 132 -> "SCTP";
      case 136 -> "UDPLite";
      default -> Integer.toString(number);
    };
  }
}
