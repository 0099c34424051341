package io.margay.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.margay.dataplane.DataplaneException;
import io.margay.dataplane.Deltas;
import io.margay.dataplane.InNamespaces;
import io.margay.dataplane.nftables.NftablesConfig.WorkloadToHost;
import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.nft.Nftables;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.Counted;
import io.margay.model.flow.FlowEvent.Judged;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint.Point;
import io.margay.policy.table.PortTable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What real packets meet: two pods, a machine on the node's network, real sockets. */
class EnforcementTest extends InNamespaces {
  private static final int EGRESS_ALLOW = 10;
  private static final int INGRESS_ALLOW = 11;
  private static final int INGRESS_DENY = 12;
  private static final int SHORT = 300;
  private static final int LONG = 5000;

  private final List<FlowEvent> events = new CopyOnWriteArrayList<>();
  private PodNode node;
  private PodNode.Peer client;
  private PodNode.Peer server;

  @BeforeEach
  void pods() {
    node = closing(new PodNode());
    client = node.join("cali1", "10.0.0.1");
    server = node.join("cali2", "10.0.0.2");
  }

  private NftablesDataplane started(NftablesConfig config, Deltas deltas) {
    NftablesDataplane dataplane =
        closing(new NftablesDataplane(node.namespace(), config, events::add));
    dataplane.apply(deltas.delta());
    return dataplane;
  }

  private static NftablesConfig config() {
    return NftablesConfig.defaults("node");
  }

  private static Deltas pods(int serverIngress) {
    return Deltas.basic()
        .workloadGroup(EGRESS_ALLOW, Direction.EGRESS, Deltas.ALLOW, Map.of())
        .workloadGroup(INGRESS_ALLOW, Direction.INGRESS, Deltas.ALLOW, Map.of())
        .workloadGroup(INGRESS_DENY, Direction.INGRESS, Deltas.DENY, Map.of())
        .workload("client", "cali1", EGRESS_ALLOW, INGRESS_ALLOW, "10.0.0.1")
        .workload("server", "cali2", EGRESS_ALLOW, serverIngress, "10.0.0.2");
  }

  /** How many of one packet come through: a busy kernel puts it off, even between namespaces. */
  private int delivered(DatagramChannel from, DatagramChannel to, InetAddress address, int port)
      throws IOException {
    PodNode.send(from, address, port);
    return arrived(to, LONG);
  }

  private int lost(DatagramChannel from, DatagramChannel to, InetAddress address, int port)
      throws IOException {
    PodNode.send(from, address, port);
    return 1 - arrived(to, SHORT);
  }

  private static int arrived(DatagramChannel to, int millis) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    int count = PodNode.drain(to);
    while (count == 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(1_000_000);
      count = PodNode.drain(to);
    }
    return count;
  }

  @Test
  void interfacesThatAreNotKnownYetGetNothingThrough() throws Exception {
    PodNode.Peer stranger = node.join("cali3", "10.0.0.3");
    NftablesDataplane dataplane = started(config(), pods(INGRESS_ALLOW));
    assertThat(delivered(client.udp(1), server.udp(7), server.address(), 7)).isEqualTo(1);
    assertThat(lost(stranger.udp(1), server.udp(8), server.address(), 8)).isEqualTo(1);
    assertThat(lost(client.udp(2), stranger.udp(7), stranger.address(), 7)).isEqualTo(1);
    assertThat(dataplane.stats().drops())
        .containsEntry("spoofed_source", 1L)
        .containsEntry("unknown_interface", 1L)
        .containsEntry("broken_table", 0L);

    dataplane.apply(
        new Deltas().workload("new", "cali3", EGRESS_ALLOW, INGRESS_ALLOW, "10.0.0.3").delta());
    assertThat(delivered(stranger.udp(3), server.udp(9), server.address(), 9)).isEqualTo(1);
    dataplane.apply(new Deltas().removeWorkload("new").delta());
    assertThat(lost(stranger.udp(4), server.udp(10), server.address(), 10)).isEqualTo(1);
  }

  @Test
  void podsSendFromTheirOwnAddressesOnly() throws Exception {
    NftablesDataplane dataplane = started(config(), pods(INGRESS_ALLOW));
    client.addAddress("10.0.0.77");
    DatagramChannel spoofing = client.udp(InetAddress.ofLiteral("10.0.0.77"), 1);
    assertThat(lost(spoofing, server.udp(7), server.address(), 7)).isEqualTo(1);
    assertThat(dataplane.stats().drops()).containsEntry("spoofed_source", 1L);
  }

  @Test
  void establishedConnectionsOutliveAPolicyThatDeniesThem() throws Exception {
    NftablesDataplane dataplane = started(config(), pods(INGRESS_ALLOW));
    ServerSocketChannel listener = server.listen(80);
    SocketChannel open = client.connect(server.address(), 80, LONG);
    SocketChannel accepted = closing(listener.accept());
    dataplane.apply(
        new Deltas().workload("server", "cali2", EGRESS_ALLOW, INGRESS_DENY, "10.0.0.2").delta());
    open.write(ByteBuffer.wrap(new byte[] {42}));
    ByteBuffer received = ByteBuffer.allocate(1);
    accepted.read(received);
    assertThat(received.get(0)).isEqualTo((byte) 42);
    assertThatThrownBy(() -> client.connect(server.address(), 80, SHORT))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 0x4000, 0x8000, 0xc000})
  void markBitsOfOthersComeOutAsTheyWentIn(int foreign) throws Exception {
    started(config(), pods(INGRESS_ALLOW));
    Nftables nft = closing(Nftables.open(node.namespace()));
    nft.apply(
        """
        add table inet other
        add chain inet other before { type filter hook prerouting priority -150; }
        add rule inet other before meta mark set 0x%x
        add chain inet other after { type filter hook postrouting priority 0; }
        add counter inet other kept
        add rule inet other after udp dport 7 meta mark 0x%x counter name kept
        """
            .formatted(foreign, foreign));
    assertThat(delivered(client.udp(1), server.udp(7), server.address(), 7)).isEqualTo(1);
    assertThat(nft.list("list counter inet other kept", Nftables.Format.TEXT))
        .contains("packets 1 ");
  }

  @Test
  void aConnectionMarkOfSomeoneElseIsLeftAlone() throws Exception {
    started(config(), pods(INGRESS_ALLOW));
    Nftables nft = closing(Nftables.open(node.namespace()));
    nft.apply(
        """
        add table inet other
        add chain inet other before { type filter hook prerouting priority -150; }
        add rule inet other before ct mark set 0x4000
        add chain inet other after { type filter hook postrouting priority 0; }
        add counter inet other kept
        add rule inet other after udp dport 7 ct mark 0x4000 counter name kept
        """);
    assertThat(delivered(client.udp(1), server.udp(7), server.address(), 7)).isEqualTo(1);
    assertThat(nft.list("list counter inet other kept", Nftables.Format.TEXT))
        .contains("packets 1 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DROP", "ACCEPT"})
  void podsReachTheirOwnNodeAsConfigured(String action) throws Exception {
    started(config().withWorkloadToHost(WorkloadToHost.valueOf(action)), pods(INGRESS_DENY));
    InetAddress nodeAddress = InetAddress.ofLiteral("172.16.0.1");
    ServerSocketChannel listener = closing(node.namespace().run(() -> ServerSocketChannel.open()));
    listener.bind(new InetSocketAddress(nodeAddress, 80));
    if (action.equals("ACCEPT")) {
      assertThat(client.connect(nodeAddress, 80, LONG).isConnected()).isTrue();
    } else {
      assertThatThrownBy(() -> client.connect(nodeAddress, 80, SHORT))
          .isInstanceOf(SocketTimeoutException.class);
    }
    // The node's own traffic to its pods is not judged.
    ServerSocketChannel inPod = server.listen(81);
    SocketChannel probe = closing(node.namespace().run(() -> SocketChannel.open()));
    probe.socket().connect(new InetSocketAddress(server.address(), 81), LONG);
    closing(inPod.accept());
  }

  @Test
  void whatTheLimitSkipsIsCounted() throws Exception {
    NftablesDataplane dataplane =
        started(config().withLog(new NftablesConfig.Log(5150, 1, 5)), pods(INGRESS_DENY));
    DatagramChannel from = client.udp(1);
    for (int i = 0; i < 200; i++) {
      PodNode.send(from, server.address(), 7);
    }
    await()
        .untilAsserted(() -> {
          dataplane.readCounters();
          for (Direction direction : Direction.values()) {
            assertThat(judged(direction).stream().mapToLong(Judged::connections).sum())
                .isEqualTo(200);
          }
        });
    assertThat(judged(Direction.INGRESS)).hasSizeLessThan(20);
    assertThat(dataplane.stats().events().skipped()).isGreaterThan(300);
    assertThat(dataplane.stats().events().lost()).isZero();
  }

  private List<Judged> judged(Direction direction) {
    return events.stream()
        .filter(Judged.class::isInstance)
        .map(Judged.class::cast)
        .filter(event -> event.direction() == direction)
        .toList();
  }

  private List<Counted> counted(Direction direction) {
    return events.stream()
        .filter(Counted.class::isInstance)
        .map(Counted.class::cast)
        .filter(event -> event.direction() == direction)
        .toList();
  }

  @Test
  void connectionsThroughAServiceAreReportedWithBothAddresses() throws Exception {
    NftablesDataplane dataplane = started(config(), pods(INGRESS_ALLOW));
    Nftables nft = closing(Nftables.open(node.namespace()));
    nft.apply(
        """
        add table ip services
        add chain ip services before { type nat hook prerouting priority dstnat; }
        add rule ip services before ip daddr 10.96.0.1 tcp dport 443 dnat to 10.0.0.2:80
        """);
    ServerSocketChannel listener = server.listen(80);
    SocketChannel open = client.connect(InetAddress.ofLiteral("10.96.0.1"), 443, LONG);
    closing(listener.accept());
    open.write(ByteBuffer.wrap(new byte[100]));
    for (Direction direction : Direction.values()) {
      await().untilAsserted(() -> assertThat(judged(direction)).hasSize(1));
      Judged event = judged(direction).getFirst();
      assertThat(event.packet().destination()).isEqualTo(IpAddress.parse("10.0.0.2"));
      assertThat(event.packet().destinationPort()).isEqualTo(80);
      assertThat(event.serviceAddress())
          .isEqualTo(new FlowEvent.ServiceAddress(IpAddress.parse("10.96.0.1"), 443));
      assertThat(event.node()).isEqualTo("node");
      assertThat(event.outcome().verdict()).isEqualTo(Verdict.ALLOW);
    }
    dataplane.readCounters();
    for (Direction direction : Direction.values()) {
      assertThat(counted(direction).stream().mapToLong(e -> e.in().bytes()).sum())
          .isGreaterThan(100 + 3 * 40);
      assertThat(counted(direction).stream().mapToLong(e -> e.out().packets()).sum())
          .isGreaterThan(0);
      assertThat(counted(direction).getFirst().packet().destinationPort()).isEqualTo(80);
    }
    int before = counted(Direction.INGRESS).size();
    dataplane.readCounters();
    assertThat(counted(Direction.INGRESS)).as("nothing new").hasSize(before);
  }

  @Test
  void aWorkloadOutsideThePrefixesIsRefusedAndChangesNothing() {
    NftablesDataplane dataplane = started(config(), pods(INGRESS_ALLOW));
    assertThatThrownBy(() ->
            dataplane.apply(
                new Deltas()
                    .workload("odd", "veth7", EGRESS_ALLOW, INGRESS_ALLOW, "10.0.0.9")
                    .delta()))
        .isInstanceOf(DataplaneException.class)
        .hasMessageContaining("veth7")
        .hasMessageContaining("add its prefix");
    assertThat(dataplane.stats().programming().pending()).isZero();
  }

  /** A machine on the node's network reaches a service of the node's that is translated. */
  @Test
  void preDnatPoliciesSeeTheAddressBeforeTranslation() throws Exception {
    PodNode.Peer outside = node.join("eth0", "192.0.2.9");
    int onlyService = 20;
    int group = 21;
    Map<Point, Judge> judges =
        Map.of(new Point(Direction.INGRESS, Stage.PRE_DNAT), Judge.always(group));
    started(
        config(),
        pods(INGRESS_ALLOW)
            .outcome(30, Verdict.CONTINUE)
            .tcpTable(onlyService, PortRange.of(8443), Deltas.DENY, 30)
            .group(group, Direction.INGRESS, Stage.PRE_DNAT, onlyService, Map.of())
            .host("eth0", "eth0", judges));
    Nftables nft = closing(Nftables.open(node.namespace()));
    nft.apply(
        """
        add table ip services
        add chain ip services before { type nat hook prerouting priority dstnat; }
        add rule ip services before ip daddr 172.16.0.1 tcp dport { 8443, 9443 } dnat to 10.0.0.2:80
        """);
    ServerSocketChannel listener = server.listen(80);
    InetAddress service = InetAddress.ofLiteral("172.16.0.1");
    assertThat(outside.connect(service, 9443, LONG).isConnected()).isTrue();
    closing(listener.accept());
    assertThatThrownBy(() -> outside.connect(service, 8443, SHORT))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void untrackedPoliciesKeepAllowedTrafficOutOfConnectionTracking() throws Exception {
    PodNode.Peer outside = node.join("eth0", "192.0.2.9");
    Map<Point, Judge> judges =
        Map.of(
            new Point(Direction.INGRESS, Stage.UNTRACKED), Judge.always(21),
            new Point(Direction.EGRESS, Stage.UNTRACKED), Judge.always(22),
            // Would deny all of it, if it were asked.
            new Point(Direction.INGRESS, Stage.NORMAL), Judge.always(23));
    NftablesDataplane dataplane =
        started(
            config(),
            pods(INGRESS_ALLOW)
                .portTable(24, new PortTable(List.of(), Deltas.ALLOW))
                .group(21, Direction.INGRESS, Stage.UNTRACKED, 24, Map.of())
                .group(22, Direction.EGRESS, Stage.UNTRACKED, 24, Map.of())
                .group(23, Direction.INGRESS, Stage.NORMAL, Deltas.DENY, Map.of())
                .host("eth0", "eth0", judges));
    InetAddress nodeAddress = InetAddress.ofLiteral("172.16.0.1");
    DatagramChannel inNode = closing(node.namespace().run(() -> DatagramChannel.open()));
    inNode.bind(new InetSocketAddress(nodeAddress, 53));
    inNode.configureBlocking(false);
    assertThat(delivered(outside.udp(1), inNode, nodeAddress, 53)).isEqualTo(1);
    try (Conntrack conntrack = Conntrack.open(node.namespace())) {
      assertThat(conntrack.connections()).isEmpty();
    }
    assertThat(dataplane.stats().programming().refusals()).isZero();
  }
}
