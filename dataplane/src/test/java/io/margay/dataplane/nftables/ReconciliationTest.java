package io.margay.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.dataplane.Deltas;
import io.margay.dataplane.InNamespaces;
import io.margay.dataplane.InterfaceTable;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import io.margay.model.net.IpAddress;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.Judge;
import io.margay.policy.table.JudgedEndpoint.Point;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import io.margay.policy.table.TableDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is programmed is found again, word for word, by the next process. */
class ReconciliationTest extends InNamespaces {
  private static final NftablesConfig CONFIG = NftablesConfig.defaults("node");

  /** Everything that the writer can produce: all key types, many cells, all host sites. */
  private static TableDelta everything() {
    List<Cell> many = new ArrayList<>();
    for (int port = 0; port < 16; port++) {
      many.add(
          new Cell(PortRange.ALL, new PortRange(port * 4096, port * 4096 + 4095), 1 + port % 3));
    }
    PortTable all =
        new PortTable(
            List.of(
                new ProtocolCells(
                    Protocol.ICMP,
                    List.of(
                        new Cell(PortRange.ALL, new PortRange(0, 0x7ff), 2),
                        new Cell(PortRange.ALL, new PortRange(0x800, 0x8ff), 1),
                        new Cell(PortRange.ALL, new PortRange(0x900, 0xffff), 2))),
                new ProtocolCells(Protocol.TCP, many),
                new ProtocolCells(
                    Protocol.UDP,
                    List.of(
                        new Cell(new PortRange(0, 52), PortRange.ALL, 2),
                        new Cell(PortRange.of(53), new PortRange(0, 99), 1),
                        new Cell(PortRange.of(53), new PortRange(100, 65535), 3),
                        new Cell(new PortRange(54, 65535), PortRange.ALL, 2)))),
            2);
    Deltas deltas =
        Deltas.basic()
            .outcome(3, Verdict.CONTINUE)
            .portTable(7, all)
            .peerClass("10.0.0.0/8", 2)
            .peerClass("10.1.0.0/16", 3)
            .peerClass("10.1.2.3/32", 4)
            .peerClass("fd00::/8", 2)
            .peerClass("fd00::5/128", 4)
            .workloadGroup(10, Direction.EGRESS, 1, Map.of())
            .workloadGroup(11, Direction.INGRESS, 2, Map.of(2, 7, 4, 1))
            .workload("a", "cali1", 10, 11, "10.1.2.3", "fd00::5");
    int group = 20;
    Map<Point, Judge> judges = new java.util.HashMap<>();
    for (Point point :
        List.of(
            new Point(Direction.INGRESS, Stage.UNTRACKED),
            new Point(Direction.EGRESS, Stage.UNTRACKED),
            new Point(Direction.INGRESS, Stage.PRE_DNAT),
            new Point(Direction.INGRESS, Stage.NORMAL),
            new Point(Direction.EGRESS, Stage.NORMAL),
            new Point(Direction.INGRESS, Stage.FORWARD),
            new Point(Direction.EGRESS, Stage.FORWARD))) {
      deltas.group(group, point.direction(), point.stage(), 7, Map.of(3, 1));
      judges.put(
          point,
          point.stage() == Stage.FORWARD ? new Judge(group, Map.of(2, 20)) : Judge.always(group));
      group++;
    }
    return deltas
        .host("by-name", "eth0", judges)
        .host("by-address", "", Map.of(), "192.0.2.1")
        .host("others", "*", Map.of(new Point(Direction.INGRESS, Stage.FORWARD), Judge.always(25)))
        .delta();
  }

  private static NftablesDataplane started(NetworkNamespace namespace, TableDelta delta) {
    NftablesDataplane dataplane = new NftablesDataplane(namespace, CONFIG, event -> {});
    dataplane.updateInterfaces(
        new InterfaceTable(Map.of("eth1", Set.of(IpAddress.parse("192.0.2.1")))));
    dataplane.apply(delta);
    return dataplane;
  }

  @Test
  void aRestartFindsEverythingInPlace() {
    NetworkNamespace namespace = namespace();
    started(namespace, everything()).close();
    NftablesDataplane second = closing(started(namespace, everything()));
    assertThat(second.stats().programming().transactions()).isZero();
    assertThat(second.stats().programming().refusals()).isZero();
  }

  @Test
  void onlyTheDifferenceIsProgrammed() {
    NetworkNamespace namespace = namespace();
    started(namespace, everything()).close();
    Nftables nft = closing(Nftables.open(namespace));
    nft.apply("add element inet margay allowed { 77 }");
    NftablesDataplane second = closing(started(namespace, everything()));
    assertThat(second.stats().programming().elementTransactions()).isEqualTo(1);
    assertThat(second.stats().programming().transactions()).isZero();
    assertThat(nft.list("list set inet margay allowed", Nftables.Format.TEXT))
        .doesNotContain("0x0000004d");
  }

  @Test
  void aStrangersHandIsMended() {
    NetworkNamespace namespace = namespace();
    NftablesDataplane dataplane = closing(started(namespace, everything()));
    Nftables nft = closing(Nftables.open(namespace));
    String before = nft.list("list table inet margay", Nftables.Format.TEXT);

    nft.apply("flush chain inet margay from_workload");
    dataplane.resync();
    assertThat(nft.list("list table inet margay", Nftables.Format.TEXT)).isEqualTo(before);

    nft.apply("insert rule inet margay forward accept");
    dataplane.resync();
    assertThat(nft.list("list table inet margay", Nftables.Format.TEXT)).isEqualTo(before);

    nft.apply("delete table inet margay");
    dataplane.resync();
    assertThat(nft.list("list chain inet margay forward", Nftables.Format.TEXT))
        .contains("forward_judged");
    assertThat(dataplane.stats().programming().replacements()).isZero();
  }

  /** The next delta no longer fits what the kernel has: read back and taken anew. */
  @Test
  void aRefusedTransactionIsRepairedAtOnce() {
    NetworkNamespace namespace = namespace();
    NftablesDataplane dataplane = closing(started(namespace, everything()));
    Nftables nft = closing(Nftables.open(namespace));
    nft.apply("delete table inet margay");
    dataplane.apply(new Deltas().peerClass("10.9.9.9/32", 2).delta());
    assertThat(dataplane.stats().programming().refusals()).isEqualTo(1);
    assertThat(nft.list("list map inet margay address_class4", Nftables.Format.TEXT))
        .contains("10.9.9.9", "10.1.2.3");
  }

  /** A set of another type, as an older version might leave, cannot be changed in place. */
  @Test
  void aTableOfAnotherLayoutIsReplacedInOneTransaction() {
    NetworkNamespace namespace = namespace();
    Nftables nft = closing(Nftables.open(namespace));
    nft.apply(
        """
        add table inet margay
        add map inet margay groups { type ipv4_addr : verdict; }
        add chain inet margay forward { type filter hook forward priority 5; policy drop; }
        """);
    NftablesDataplane dataplane = closing(started(namespace, everything()));
    assertThat(dataplane.stats().programming().replacements()).isEqualTo(1);
    assertThat(nft.list("list chain inet margay forward", Nftables.Format.TEXT))
        .contains("priority 0; policy accept");
  }

  @Test
  void otherTablesAreNotTouched() {
    NetworkNamespace namespace = namespace();
    Nftables nft = closing(Nftables.open(namespace));
    nft.apply(
        """
        add table inet margay2
        add chain inet margay2 forward { type filter hook forward priority 5; policy accept; }
        add rule inet margay2 forward ip saddr 192.0.2.0/24 counter drop
        add table ip nat
        add chain ip nat POSTROUTING { type nat hook postrouting priority 100; }
        add rule ip nat POSTROUTING meta mark and 0x4000 == 0x4000 masquerade
        """);
    String before =
        nft.list("list table inet margay2", Nftables.Format.TEXT)
            + nft.list("list table ip nat", Nftables.Format.TEXT);
    NftablesDataplane dataplane = closing(started(namespace, everything()));
    nft.apply("delete table inet margay");
    dataplane.resync();
    assertThat(
            nft.list("list table inet margay2", Nftables.Format.TEXT)
                + nft.list("list table ip nat", Nftables.Format.TEXT))
        .isEqualTo(before);
  }

  @Test
  void everythingCanBeTakenAwayAgain() {
    NetworkNamespace namespace = namespace();
    NftablesDataplane dataplane = closing(started(namespace, everything()));
    TableDelta all = everything();
    dataplane.apply(
        new TableDelta(
            Map.of(),
            all.outcomesSet().keySet(),
            Map.of(),
            all.portTablesSet().keySet(),
            Map.of(),
            Map.of(),
            all.groupsSet().keySet(),
            Map.of(),
            all.classesSet().keySet(),
            Map.of(),
            all.endpointsSet().keySet()));
    NetworkNamespace other = namespace();
    closing(started(other, Deltas.nothing()));
    Nftables nft = closing(Nftables.open(namespace));
    Nftables fresh = closing(Nftables.open(other));
    assertThat(nft.list("list table inet margay", Nftables.Format.TEXT).lines().sorted().toList())
        .isEqualTo(
            fresh.list("list table inet margay", Nftables.Format.TEXT).lines().sorted().toList());
    assertThat(dataplane.stats().programming().refusals()).isZero();
  }
}
