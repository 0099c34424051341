package io.margay.model.net;

/**
 * What a policy can know of a packet: the first of a new connection, after destination NAT.
 *
 * @param sourcePort 0 to 65535, or for ICMP 0
 * @param destinationPort 0 to 65535, or for ICMP {@code type << 8 | code}
 */
public record Packet(
    IpAddress source,
    IpAddress destination,
    Protocol protocol,
    int sourcePort,
    int destinationPort) {

  public Packet {
    if (source.family() != destination.family()) {
      throw new IllegalArgumentException(source + " and " + destination + " differ in family");
    }
  }

  public static Packet icmp(IpAddress source, IpAddress destination, int type, int code) {
    Protocol protocol = source.family() == IpFamily.IPV4 ? Protocol.ICMP : Protocol.ICMPV6;
    return new Packet(source, destination, protocol, 0, type << 8 | code);
  }

  public IpFamily family() {
    return source.family();
  }
}
