package io.margay.kernel.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketHeaderTest {
  private static final InetAddress V4 = InetAddress.ofLiteral("10.0.0.1");
  private static final InetAddress OTHER_V4 = InetAddress.ofLiteral("10.0.0.2");
  private static final InetAddress V6 = InetAddress.ofLiteral("fd00::1");
  private static final InetAddress OTHER_V6 = InetAddress.ofLiteral("fd00::2");

  private static PacketHeader parse(byte[] packet) {
    return PacketHeader.parse(packet).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 10.0.0.2", "fd00::1, fd00::2"})
  void readsWhatWasCrafted(String from, String to) {
    InetAddress source = InetAddress.ofLiteral(from);
    InetAddress destination = InetAddress.ofLiteral(to);
    boolean ipv4 = from.contains(".");
    int ip = ipv4 ? 20 : 40;
    assertThat(parse(CraftedPacket.tcpSyn(source, 1000, destination, 65535)))
        .isEqualTo(new PacketHeader(source, destination, 6, 1000, 65535, -1, -1, ip + 20, 0));
    assertThat(parse(CraftedPacket.udp(source, 1000, destination, 53, new byte[3])))
        .isEqualTo(new PacketHeader(source, destination, 17, 1000, 53, -1, -1, ip + 11, 0));
    assertThat(parse(CraftedPacket.sctpInit(source, 1000, destination, 36412)))
        .isEqualTo(new PacketHeader(source, destination, 132, 1000, 36412, -1, -1, ip + 32, 0));
    assertThat(parse(CraftedPacket.icmp(source, destination, 3, 4, 0)))
        .isEqualTo(new PacketHeader(source, destination, ipv4 ? 1 : 58, 0, 0, 3, 4, ip + 16, 0));
  }

  @Test
  void readsTheClassOfService() {
    byte[] ipv4 = CraftedPacket.udp(V4, 1, OTHER_V4, 2, new byte[0]);
    ipv4[1] = (byte) 0xb9; // expedited forwarding, and one of the congestion bits
    assertThat(parse(ipv4).dscp()).isEqualTo(46);
    byte[] ipv6 = CraftedPacket.udp(V6, 1, OTHER_V6, 2, new byte[0]);
    ipv6[0] = 0x6b;
    ipv6[1] = (byte) 0x9f; // the same in the traffic class, and bits of the flow label
    assertThat(parse(ipv6).dscp()).isEqualTo(46);
  }

  @Test
  void walksIpv6Extensions() {
    // hop-by-hop (8 bytes), routing (16 bytes), first fragment, then UDP 7 -> 8
    byte[] payload =
        HexFormat.of()
            .parseHex(
                "2b00000000000000"
                    + "2c01000000000000"
                    + "0000000000000000"
                    + "1100000100000000"
                    + "0007000800080000");
    PacketHeader header = parse(CraftedPacket.ip(V6, OTHER_V6, 0, payload));
    assertThat(header.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(header.sourcePort()).isEqualTo(7);
    assertThat(header.destinationPort()).isEqualTo(8);
  }

  @Test
  void laterFragmentsHaveNoPorts() {
    byte[] packet = CraftedPacket.udp(V4, 1, OTHER_V4, 2, new byte[8]);
    packet[7] = 1; // offset of eight bytes
    assertThat(parse(packet).destinationPort()).isZero();
    byte[] fragment = HexFormat.of().parseHex("1100000800000000" + "0007000800080000");
    PacketHeader header = parse(CraftedPacket.ip(V6, OTHER_V6, IpProtocol.IPV6_FRAGMENT, fragment));
    assertThat(header.protocol()).isEqualTo(IpProtocol.UDP);
    assertThat(header.destinationPort()).isZero();
  }

  @Test
  void readsIpv4Options() {
    byte[] plain = CraftedPacket.udp(V4, 5, OTHER_V4, 6, new byte[0]);
    byte[] withOptions = new byte[plain.length + 4];
    System.arraycopy(plain, 0, withOptions, 0, 20);
    System.arraycopy(plain, 20, withOptions, 24, plain.length - 20);
    withOptions[0] = 0x46;
    assertThat(parse(withOptions).destinationPort()).isEqualTo(6);
  }

  @Test
  void survivesAnyBytes() {
    Random random = new Random(20261121);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      if (bytes.length > 0) {
        bytes[0] = (byte) ((random.nextBoolean() ? 0x40 : 0x60) | bytes[0] & 0xf);
      }
      assertThat(PacketHeader.parse(bytes)).isNotNull();
    }
  }

  @Test
  void cutPacketsGiveWhatTheyHold() {
    byte[] packet = CraftedPacket.tcpSyn(V4, 1, OTHER_V4, 2);
    assertThat(PacketHeader.parse(Arrays.copyOf(packet, 19))).isEmpty();
    assertThat(parse(Arrays.copyOf(packet, 22)).destinationPort()).isZero();
    assertThat(parse(Arrays.copyOf(packet, 24)).destinationPort()).isEqualTo(2);
  }
}
