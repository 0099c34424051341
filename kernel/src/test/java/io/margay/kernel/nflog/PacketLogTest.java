package io.margay.kernel.nflog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.kernel.InNamespaces;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.IpProtocol;
import io.margay.kernel.packet.PacketHeader;
import io.margay.kernel.packet.RawSocket;
import java.net.InetAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketLogTest extends InNamespaces {
  private static final int GROUP = 7;

  private static NetworkNamespace logging(NetworkNamespace namespace) {
    try (Nftables nft = Nftables.open(namespace)) {
      nft.apply(
          """
          table inet logging {
            chain in {
              type filter hook input priority 0; policy accept;
              meta mark set 0x2000002a log prefix "seen" group %d
            }
          }
          """
              .formatted(GROUP));
    }
    return namespace;
  }

  @ParameterizedTest
  @CsvSource({"10.3.0.1/24, 10.3.0.2/24", "fd00:3::1/64, fd00:3::2/64"})
  void receivesMarkAndHeader(String leftAddress, String rightAddress) throws Exception {
    NetworkNamespace left = namespace();
    NetworkNamespace right = namespace();
    join(left, "l0", leftAddress, right, "r0", rightAddress);
    logging(right);
    InetAddress from = InetAddress.ofLiteral(leftAddress.split("/")[0]);
    InetAddress to = InetAddress.ofLiteral(rightAddress.split("/")[0]);
    BlockingQueue<LoggedPacket> packets = new LinkedBlockingQueue<>();
    PacketLog log = closing(PacketLog.open(right, PacketLog.Settings.ofGroup(GROUP), packets::add));
    RawSocket sender = closing(RawSocket.open(left));
    sender.send(CraftedPacket.sctpInit(from, 1111, to, 2222));
    LoggedPacket logged;
    PacketHeader header;
    do { // IPv6 neighbours are logged too
      logged = packets.poll(10, TimeUnit.SECONDS);
      assertThat(logged).isNotNull();
      header = PacketHeader.parse(logged.header()).orElseThrow();
    } while (header.protocol() == IpProtocol.ICMPV6);
    assertThat(logged.mark()).isEqualTo(0x2000002a);
    assertThat(logged.prefix()).isEqualTo("seen");
    assertThat(logged.hook()).isEqualTo(1);
    assertThat(logged.inDevice()).isPositive();
    assertThat(logged.outDevice()).isZero();
    assertThat(header.source()).isEqualTo(from);
    assertThat(header.destination()).isEqualTo(to);
    assertThat(header.protocol()).isEqualTo(IpProtocol.SCTP);
    assertThat(header.sourcePort()).isEqualTo(1111);
    assertThat(header.destinationPort()).isEqualTo(2222);
    assertThat(log.lost()).isZero();
  }

  @Test
  void aGroupHasOneReceiverAtATime() {
    NetworkNamespace namespace = namespace();
    PacketLog.Settings settings = PacketLog.Settings.ofGroup(GROUP);
    PacketLog first = closing(PacketLog.open(namespace, settings, packet -> {}));
    assertThatThrownBy(() -> PacketLog.open(namespace, settings, packet -> {}))
        .hasMessageContaining("NFLOG group 7")
        .hasMessageContaining("EPERM")
        .hasMessageContaining("another receiver");
    first.close();
    closing(PacketLog.open(namespace, settings, packet -> {}));
  }

  @Test
  void countsWhatItLoses() throws Exception {
    int sent = 20_000;
    NetworkNamespace namespace = logging(namespace());
    InetAddress self = InetAddress.ofLiteral("127.0.0.1");
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger received = new AtomicInteger();
    PacketLog.Settings tiny = new PacketLog.Settings(GROUP, 128, 10, 1, 64 * 1024);
    PacketLog log =
        closing(
            PacketLog.open(
                namespace,
                tiny,
                packet -> {
                  received.incrementAndGet();
                  awaitQuietly(release);
                }));
    RawSocket sender = closing(RawSocket.open(namespace));
    byte[] packet = CraftedPacket.udp(self, 1, self, 2, new byte[0]);
    for (int i = 0; i < sent; i++) {
      sender.send(packet);
    }
    release.countDown();
    // The count of a loss comes with the next packet that arrives.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (received.get() + log.lost() < sent && System.nanoTime() < deadline) {
      sender.send(packet);
      Thread.sleep(5);
    }
    assertThat(log.lost()).isPositive();
    assertThat(log.overruns()).isPositive();
    assertThat(received.get() + log.lost()).isGreaterThanOrEqualTo(sent);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
