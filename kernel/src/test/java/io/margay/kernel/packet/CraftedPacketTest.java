package io.margay.kernel.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.InNamespaces;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.route.RouteSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel at the other end accepts what is crafted, so the checksums are right. */
class CraftedPacketTest extends InNamespaces {

  @ParameterizedTest
  @CsvSource({"10.4.0.1/24, 10.4.0.2/24", "fd00:4::1/64, fd00:4::2/64"})
  void theKernelAnswers(String leftAddress, String rightAddress) throws Exception {
    NetworkNamespace left = namespace();
    NetworkNamespace right = namespace();
    join(left, "l0", leftAddress, right, "r0", rightAddress);
    InetAddress from = InetAddress.ofLiteral(leftAddress.split("/")[0]);
    InetAddress to = InetAddress.ofLiteral(rightAddress.split("/")[0]);
    int device;
    try (RouteSocket routes = RouteSocket.open(left)) {
      device = routes.index("l0");
    }
    FrameSocket capture = closing(FrameSocket.open(left, device));
    RawSocket sender = closing(RawSocket.open(left));

    sender.send(CraftedPacket.echoRequest(from, to, 5, 1));
    boolean ipv4 = leftAddress.contains(".");
    PacketHeader echo =
        await(capture, h -> h.source().equals(to) && h.icmpType() == (ipv4 ? 0 : 129));
    assertThat(echo.destination()).isEqualTo(from);

    ServerSocketChannel server = closing(right.run(ServerSocketChannel::open));
    server.bind(new InetSocketAddress(to, 8080));
    sender.send(CraftedPacket.tcpSyn(from, 4444, to, 8080));
    await(capture, h -> h.source().equals(to) && h.sourcePort() == 8080);

    DatagramChannel receiver = closing(right.run(() -> DatagramChannel.open()));
    receiver.bind(new InetSocketAddress(to, 5353));
    receiver.socket().setSoTimeout(5000);
    sender.send(CraftedPacket.udp(from, 4444, to, 5353, new byte[] {1, 2, 3}));
    ByteBuffer payload = ByteBuffer.allocate(10);
    assertThat(receiver.receive(payload)).isEqualTo(new InetSocketAddress(from, 4444));
    assertThat(payload.position()).isEqualTo(3);
  }

  private static PacketHeader await(FrameSocket capture, Predicate<PacketHeader> expected) {
    while (true) {
      byte[] frame = capture.receive(Duration.ofSeconds(5)).orElseThrow();
      Optional<PacketHeader> header = FrameSocket.ipHeader(frame);
      if (header.isPresent() && expected.test(header.get())) {
        return header.get();
      }
    }
  }

  @Test
  void framesCrossAWire() {
    NetworkNamespace left = namespace();
    NetworkNamespace right = namespace();
    join(left, "l0", "10.4.0.1/24", right, "r0", "10.4.0.2/24");
    int leftDevice;
    int rightDevice;
    try (RouteSocket routes = RouteSocket.open(left);
        RouteSocket far = RouteSocket.open(right)) {
      leftDevice = routes.index("l0");
      rightDevice = far.index("r0");
    }
    FrameSocket sender = closing(FrameSocket.open(left, leftDevice));
    FrameSocket capture = closing(FrameSocket.open(right, rightDevice));
    // An experimental protocol that nobody answers.
    byte[] frame =
        HexFormat.of().parseHex("ffffffffffff" + "020000000001" + "88b5" + "6d617267617921");
    sender.send(frame);
    byte[] got;
    do {
      got = capture.receive(Duration.ofSeconds(5)).orElseThrow();
    } while (got[12] != (byte) 0x88);
    assertThat(Arrays.copyOf(got, frame.length)).isEqualTo(frame);
  }

  /** The example of RFC 3720 (B.4): the checksum of 32 zero bytes is aa 36 91 8a on the wire. */
  @Test
  void sctpChecksumIsInWireOrder() {
    CRC32C zeros = new CRC32C();
    zeros.update(new byte[32]);
    assertThat((int) zeros.getValue()).isEqualTo(0x8a9136aa);
    InetAddress self = InetAddress.ofLiteral("127.0.0.1");
    byte[] packet = CraftedPacket.sctpInit(self, 1, self, 2);
    byte[] sctp = Arrays.copyOfRange(packet, 20, packet.length);
    ByteBuffer wire = ByteBuffer.wrap(sctp);
    int checksum = Integer.reverseBytes(wire.getInt(8));
    wire.putInt(8, 0);
    CRC32C expected = new CRC32C();
    expected.update(sctp);
    assertThat(checksum).isEqualTo((int) expected.getValue());
  }

  @Test
  void familiesMustAgree() {
    assertThatThrownBy(() ->
            CraftedPacket.tcpSyn(
                InetAddress.ofLiteral("::1"), 1, InetAddress.ofLiteral("127.0.0.1"), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("differ in family");
  }
}
