package io.margay.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.margay.kernel.InNamespaces;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import io.margay.kernel.packet.CraftedPacket;
import io.margay.kernel.packet.IpProtocol;
import io.margay.kernel.packet.RawSocket;
import io.margay.kernel.route.IpPrefix;
import io.margay.kernel.route.RouteSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackTest extends InNamespaces {
  /** IPS_DST_NAT. */
  private static final int DESTINATION_TRANSLATED = 1 << 5;

  /** Connections to the namespace itself are tracked as soon as a rule asks for their state. */
  private NetworkNamespace tracking() {
    NetworkNamespace namespace = namespace();
    Conntrack.startCounting(namespace);
    try (Nftables nft = Nftables.open(namespace)) {
      nft.apply(
          """
          table inet tracking {
            chain out {
              type filter hook output priority 0; policy accept;
              ct state new ct mark set 0x40000011
            }
            chain in {
              type filter hook input priority 0; policy accept;
              tcp dport 9 drop comment "a reset would end the connection"
            }
          }
          """);
    }
    return namespace;
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "::1"})
  void seesCountsAndDeletesConnections(String address) throws Exception {
    NetworkNamespace namespace = tracking();
    InetAddress self = InetAddress.ofLiteral(address);
    BlockingQueue<ConntrackEvent> events = new LinkedBlockingQueue<>();
    ConntrackMonitor monitor =
        closing(
            ConntrackMonitor.open(
                namespace, EnumSet.allOf(ConntrackMonitor.Kind.class), events::add));
    DatagramChannel server = closing(namespace.run(() -> DatagramChannel.open()));
    DatagramChannel client = closing(namespace.run(() -> DatagramChannel.open()));
    server.bind(new InetSocketAddress(self, 0));
    client.bind(new InetSocketAddress(self, 0));
    int serverPort = ((InetSocketAddress) server.getLocalAddress()).getPort();
    int clientPort = ((InetSocketAddress) client.getLocalAddress()).getPort();
    client.send(ByteBuffer.allocate(100), server.getLocalAddress());
    server.send(ByteBuffer.allocate(200), client.getLocalAddress());
    server.send(ByteBuffer.allocate(200), client.getLocalAddress());

    ConnectionTuple expected =
        new ConnectionTuple(self, self, IpProtocol.UDP, clientPort, serverPort);
    ConntrackEvent.Begun begun =
        (ConntrackEvent.Begun)
            await(
                events,
                e ->
                    e instanceof ConntrackEvent.Begun(TrackedConnection c)
                        && c.original().equals(expected));
    assertThat(begun.connection().mark()).isEqualTo(0x40000011);
    assertThat(begun.connection().reply())
        .isEqualTo(new ConnectionTuple(self, self, IpProtocol.UDP, serverPort, clientPort));

    Conntrack conntrack = closing(Conntrack.open(namespace));
    TrackedConnection listed = conntrack.connection(expected).orElseThrow();
    int headers = address.contains(":") ? 48 : 28;
    assertThat(listed.id()).isEqualTo(begun.connection().id());
    assertThat(listed.seenReply()).isTrue();
    assertThat(listed.sent()).isEqualTo(new TrackedConnection.Counters(1, 100 + headers));
    assertThat(listed.received()).isEqualTo(new TrackedConnection.Counters(2, 400 + 2L * headers));
    assertThat(conntrack.connections()).extracting(TrackedConnection::id).contains(listed.id());
    assertThat(conntrack.connections(0x11, 0xff)).contains(listed);
    assertThat(conntrack.connections(0x12, 0xff)).isEmpty();

    assertThat(conntrack.delete(expected)).isTrue();
    assertThat(conntrack.delete(expected)).isFalse();
    assertThat(conntrack.connection(expected)).isEmpty();
    ConntrackEvent.Ended ended =
        (ConntrackEvent.Ended)
            await(
                events,
                e ->
                    e instanceof ConntrackEvent.Ended(TrackedConnection c)
                        && c.original().equals(expected));
    assertThat(ended.connection().sent()).isEqualTo(listed.sent());
    assertThat(ended.connection().received()).isEqualTo(listed.received());
    assertThat(monitor.overruns()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1", "::1"})
  void readsAndDeletesTuplesOfEveryProtocol(String address) {
    NetworkNamespace namespace = tracking();
    InetAddress self = InetAddress.ofLiteral(address);
    boolean ipv4 = address.contains(".");
    RawSocket sender = closing(RawSocket.open(namespace));
    sender.send(CraftedPacket.echoRequest(self, self, 77, 1));
    sender.send(CraftedPacket.tcpSyn(self, 1001, self, 9));
    sender.send(CraftedPacket.sctpInit(self, 1002, self, 9));
    sender.send(CraftedPacket.udp(self, 1003, self, 9, new byte[] {1}));
    int icmp = ipv4 ? IpProtocol.ICMP : IpProtocol.ICMPV6;
    int echo = ipv4 ? 8 : 128;
    List<ConnectionTuple> expected =
        List.of(
            new ConnectionTuple(self, self, icmp, 77, echo << 8),
            new ConnectionTuple(self, self, IpProtocol.TCP, 1001, 9),
            new ConnectionTuple(self, self, IpProtocol.SCTP, 1002, 9),
            new ConnectionTuple(self, self, IpProtocol.UDP, 1003, 9));
    Conntrack conntrack = closing(Conntrack.open(namespace));
    assertThat(conntrack.connections())
        .extracting(TrackedConnection::original)
        .containsAll(expected);
    for (ConnectionTuple tuple : expected) {
      assertThat(conntrack.delete(tuple)).as("%s", tuple).isTrue();
    }
    assertThat(conntrack.connections())
        .extracting(TrackedConnection::original)
        .doesNotContainAnyElementsOf(expected);
  }

  /** A connection that began in one kernel goes on in another, which has never seen its start. */
  @ParameterizedTest
  @CsvSource({"127.0.0.1", "::1"})
  void aConnectionGoesOnInAnotherKernel(String address) throws Exception {
    InetAddress self = InetAddress.ofLiteral(address);
    NetworkNamespace first = tracking();
    ServerSocketChannel server = closing(first.run(() -> ServerSocketChannel.open()));
    server.bind(new InetSocketAddress(self, 0));
    SocketChannel client = closing(first.run(() -> SocketChannel.open()));
    client.connect(server.getLocalAddress());
    int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
    MovableConnection found =
        closing(Conntrack.open(first)).movable().stream()
            .filter(connection -> connection.original().destinationPort() == port)
            .findFirst()
            .orElseThrow();
    assertThat(found.tcp()).isNotNull();

    NetworkNamespace second = tracking();
    Conntrack table = closing(Conntrack.open(second));
    assertThat(table.insert(found)).isTrue();
    assertThat(table.insert(found)).isFalse();
    MovableConnection again =
        table.movable().stream()
            .filter(connection -> connection.original().equals(found.original()))
            .findFirst()
            .orElseThrow();
    assertThat(again.reply()).isEqualTo(found.reply());
    assertThat(again.mark()).isEqualTo(0x40000011);
    assertThat(again.status() & 0xe).isEqualTo(found.status() & 0xe);
    assertThat(again.timeoutSeconds()).isCloseTo(found.timeoutSeconds(), within(30));
    assertThat(again.tcp().state()).isEqualTo(found.tcp().state());
  }

  /** A service's connection leads to the same backend in the other kernel. */
  @ParameterizedTest
  @CsvSource({"10.0.0.5, 10.96.0.1, 10.0.0.9", "fd00::5, fd00:96::1, fd00::9"})
  void translationOfTheDestinationMovesToo(String client, String service, String backend) {
    InetAddress from = InetAddress.ofLiteral(client);
    InetAddress to = InetAddress.ofLiteral(service);
    InetAddress behind = InetAddress.ofLiteral(backend);
    MovableConnection connection =
        new MovableConnection(
            new ConnectionTuple(from, to, IpProtocol.TCP, 4000, 80),
            new ConnectionTuple(behind, from, IpProtocol.TCP, 8080, 4000),
            0,
            0xe,
            300,
            new MovableConnection.Tcp(3, 7, 7, 3, 3));
    assertThat(connection.isMovable()).isTrue();
    NetworkNamespace namespace = tracking();
    try (Nftables nft = Nftables.open(namespace)) {
      nft.apply(
          """
          table inet nat {
            chain pre {
              type nat hook prerouting priority -100;
            }
          }
          """);
    }
    Conntrack table = closing(Conntrack.open(namespace));
    assertThat(table.insert(connection)).isTrue();
    TrackedConnection made = table.connection(connection.original()).orElseThrow();
    assertThat(made.reply()).isEqualTo(connection.reply());
    assertThat(made.status() & DESTINATION_TRANSLATED).isNotZero();
  }

  @ParameterizedTest
  @CsvSource({"10.1.0.1, 10.1.0.2, 10.1.0.3", "fd00::1, fd00::2, fd00::3"})
  void forgetsTheConnectionsOfOneAddressWhateverItsSide(String own, String gone, String service) {
    NetworkNamespace namespace = tracking();
    try (RouteSocket routes = RouteSocket.open(namespace);
        Nftables nft = Nftables.open(namespace)) {
      for (String address : List.of(own, gone, service)) {
        routes.addAddress(routes.index("lo"), IpPrefix.parse(address));
      }
      String ip = own.contains(":") ? "ip6" : "ip";
      nft.apply(
          """
          table inet tracking {
            chain nat { type nat hook output priority -100; %s daddr %s dnat %s to %s; }
          }
          """
              .formatted(ip, service, ip, gone));
    }
    InetAddress here = InetAddress.ofLiteral(own);
    InetAddress left = InetAddress.ofLiteral(gone);
    RawSocket sender = closing(RawSocket.open(namespace));
    sender.send(CraftedPacket.udp(here, 2001, left, 9, new byte[] {1}));
    sender.send(CraftedPacket.udp(left, 2002, here, 9, new byte[] {1}));
    sender.send(CraftedPacket.udp(here, 2003, InetAddress.ofLiteral(service), 9, new byte[] {1}));
    sender.send(CraftedPacket.udp(here, 2004, here, 9, new byte[] {1}));
    Conntrack conntrack = closing(Conntrack.open(namespace));
    assertThat(conntrack.connections(left))
        .extracting(connection -> connection.original().sourcePort())
        .containsExactlyInAnyOrder(2001, 2002, 2003);

    assertThat(conntrack.forget(left)).isEqualTo(3);
    assertThat(conntrack.connections(left)).isEmpty();
    assertThat(conntrack.connections(here))
        .extracting(connection -> connection.original().sourcePort())
        .containsExactly(2004);
  }

  private static ConntrackEvent await(
      BlockingQueue<ConntrackEvent> events, Predicate<ConntrackEvent> expected)
      throws InterruptedException {
    while (true) {
      ConntrackEvent event = events.poll(10, TimeUnit.SECONDS);
      assertThat(event).as("an event within ten seconds").isNotNull();
      if (expected.test(event)) {
        return event;
      }
    }
  }
}
