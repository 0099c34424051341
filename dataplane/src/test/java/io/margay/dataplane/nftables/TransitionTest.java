package io.margay.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.dataplane.Deltas;
import io.margay.dataplane.InNamespaces;
import io.margay.kernel.nft.Nftables;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.PortTable;
import io.margay.policy.table.PortTable.Cell;
import io.margay.policy.table.PortTable.ProtocolCells;
import io.margay.policy.table.TableDelta;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * While tables change, while the process restarts and while the table is replaced, no packet that
 * every state denies gets through and none that every state allows is lost. Nobody answers the
 * datagrams, so each of them is judged as the first of its connection.
 */
class TransitionTest extends InNamespaces {
  private static final int ALLOWED_PORT = 1000;
  private static final int DENIED_PORT = 2000;
  private static final int ROUNDS = 60;
  private static final NftablesConfig CONFIG = NftablesConfig.defaults("node");

  /** A state in which nothing has the same number as in another one, but the verdicts are equal. */
  private static Deltas state(int base) {
    int allow = base + 1;
    int deny = base + 2;
    int usual = base + 3;
    int special = base + 4;
    int ingress = base + 5;
    int egress = base + 6;
    PortTable onlyAllowedPort =
        new PortTable(
            List.of(
                new ProtocolCells(
                    Protocol.UDP,
                    List.of(
                        new Cell(PortRange.ALL, new PortRange(0, ALLOWED_PORT - 1), deny),
                        new Cell(PortRange.ALL, PortRange.of(ALLOWED_PORT), allow),
                        new Cell(PortRange.ALL, new PortRange(ALLOWED_PORT + 1, 65535), deny)))),
            deny);
    return new Deltas()
        .outcome(allow, Verdict.ALLOW)
        .outcome(deny, Verdict.DENY)
        .portTable(usual, new PortTable(List.of(), allow))
        .portTable(special, onlyAllowedPort)
        .peerClass("0.0.0.0/0", base + 7)
        .peerClass("::/0", base + 7)
        .peerClass("10.0.0.1/32", base + 8)
        .workloadGroup(egress, Direction.EGRESS, usual, Map.of())
        .workloadGroup(
            ingress, Direction.INGRESS, base + 9, Map.of(base + 7, base + 9, base + 8, special))
        .portTable(base + 9, new PortTable(List.of(), deny))
        .workload("client", "cali1", egress, ingress, "10.0.0.1")
        .workload("server", "cali2", egress, ingress, "10.0.0.2");
  }

  private static TableDelta change(int from, int to) {
    TableDelta old = state(from).delta();
    TableDelta now = state(to).delta();
    return new TableDelta(
        now.outcomesSet(),
        old.outcomesSet().keySet(),
        now.portTablesSet(),
        old.portTablesSet().keySet(),
        now.groupsSet(),
        old.groupsSet().keySet(),
        now.classesSet(),
        Set.of(),
        now.endpointsSet(),
        Set.of());
  }

  @Test
  void nothingSlipsThroughAndNothingIsLost() throws Exception {
    PodNode node = closing(new PodNode());
    PodNode.Peer client = node.join("cali1", "10.0.0.1");
    PodNode.Peer server = node.join("cali2", "10.0.0.2");
    DatagramChannel allowed = server.udp(ALLOWED_PORT);
    DatagramChannel denied = server.udp(DENIED_PORT);

    NftablesDataplane dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
    dataplane.apply(state(100).delta());

    Nftables nft = closing(Nftables.open(node.namespace()));
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<int[]> counts = new CompletableFuture<>();
    Thread traffic =
        Thread.ofPlatform()
            .start(() -> {
              try {
                DatagramChannel from = client.udp(5555);
                int[] sentAndReceived = new int[2];
                while (!stop.get()) {
                  PodNode.send(from, server.address(), ALLOWED_PORT);
                  PodNode.send(from, server.address(), DENIED_PORT);
                  sentAndReceived[0]++;
                  sentAndReceived[1] += PodNode.drain(allowed);
                }
                // A busy kernel delivers the last packets a moment after they were sent.
                for (int i = 0; i < 100 && sentAndReceived[1] < sentAndReceived[0]; i++) {
                  sentAndReceived[1] += PodNode.drain(allowed);
                  Thread.sleep(10);
                }
                counts.complete(sentAndReceived);
              } catch (Exception e) {
                counts.completeExceptionally(e);
              }
            });
    int current = 100;
    for (int round = 0; round < ROUNDS; round++) {
      int next = 100 + 100 * ((round + 1) % 3);
      if (round % 5 == 4) {
        // As after kill -9: the next process knows only what it finds and what should be there.
        dataplane.close();
        dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
        dataplane.apply(state(next).delta());
      } else if (round % 5 == 3) {
        // A set of another type, as another version might have: the whole table is replaced.
        dataplane.close();
        nft.apply(
            """
            delete map inet margay from_host_groups
            add map inet margay from_host_groups { type ipv4_addr : mark; }
            """);
        dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
        dataplane.apply(state(next).delta());
        assertThat(dataplane.stats().programming().replacements()).isEqualTo(1);
      } else {
        dataplane.apply(change(current, next));
      }
      current = next;
    }
    stop.set(true);
    traffic.join();
    dataplane.close();
    int[] sentAndReceived = counts.join();
    assertThat(nft.list("list tables", Nftables.Format.TEXT).strip())
        .isEqualTo("table inet margay");
    assertThat(sentAndReceived[0]).isGreaterThan(ROUNDS);
    // Denied packets never pass (below). Of the allowed ones, a packet that is judged in the very
    // instant of a transaction may still be lost: up to 3 in 71,000 were seen, in 60 transitions.
    assertThat(sentAndReceived[0] - sentAndReceived[1])
        .as("allowed packets lost of " + sentAndReceived[0])
        .isBetween(0, sentAndReceived[0] / 5_000);
    assertThat(PodNode.drain(denied)).as("denied packets received").isZero();
  }
}
