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
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

  /** States with equal verdicts for the same traffic, which the table goes through in turn. */
  enum States {
    /** Nothing has the same number as in another state. */
    RENUMBERED {
      @Override
      Deltas state(int number) {
        int base = 100 * number;
        return peers(base, base + 7, base + 8, base + 9, Map.of(base + 8, base + 4));
      }
    },
    /**
     * The group stays, and its two peers change places: the class that was allowed belongs to the
     * one that is not, and the other way round.
     */
    SWAPPED {
      @Override
      Deltas state(int number) {
        int friend = 1 + number % 2;
        int stranger = 3 - friend;
        return peers(100, 107, friend, stranger, Map.of(friend, 104));
      }
    };

    abstract Deltas state(int number);

    /**
     * A server that lets the friend in at one port, and nobody else.
     *
     * @param base above which the numbers of outcomes, port tables and groups are
     * @param tables of the server's group, by class
     */
    private static Deltas peers(
        int base, int others, int friend, int stranger, Map<Integer, Integer> tables) {
      int allow = base + 1;
      int deny = base + 2;
      int usual = base + 3;
      int special = base + 4;
      int ingress = base + 5;
      int egress = base + 6;
      int closed = base + 9;
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
          .portTable(closed, new PortTable(List.of(), deny))
          .peerClass("0.0.0.0/0", others)
          .peerClass("::/0", others)
          .peerClass("10.0.0.1/32", friend)
          .peerClass("10.0.0.3/32", stranger)
          .workloadGroup(egress, Direction.EGRESS, usual, Map.of())
          .workloadGroup(ingress, Direction.INGRESS, closed, tables)
          .workload("friend", "cali1", egress, ingress, "10.0.0.1")
          .workload("server", "cali2", egress, ingress, "10.0.0.2")
          .workload("stranger", "cali3", egress, ingress, "10.0.0.3");
    }

    TableDelta change(int from, int to) {
      TableDelta old = state(from).delta();
      TableDelta now = state(to).delta();
      return new TableDelta(
          now.outcomesSet(),
          old.outcomesSet().keySet(),
          now.portTablesSet(),
          old.portTablesSet().keySet(),
          now.groupsSet(),
          Map.of(),
          gone(old.groupsSet(), now.groupsSet()),
          now.classesSet(),
          Set.of(),
          now.endpointsSet(),
          Set.of());
    }

    private static Set<Integer> gone(Map<Integer, ?> old, Map<Integer, ?> now) {
      Set<Integer> gone = new HashSet<>(old.keySet());
      gone.removeAll(now.keySet());
      return gone;
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingSlipsThroughAndNothingIsLost(States states) throws Exception {
    PodNode node = closing(new PodNode());
    PodNode.Peer friend = node.join("cali1", "10.0.0.1");
    PodNode.Peer server = node.join("cali2", "10.0.0.2");
    PodNode.Peer stranger = node.join("cali3", "10.0.0.3");
    NftablesDataplane dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
    dataplane.apply(states.state(1).delta());

    Nftables nft = closing(Nftables.open(node.namespace()));
    Flood flood = new Flood(friend, stranger, server);
    int current = 1;
    for (int round = 0; round < ROUNDS; round++) {
      int next = 1 + (round + 1) % 3;
      if (round % 5 == 4) {
        // As after kill -9: the next process knows only what it finds and what should be there.
        dataplane.close();
        dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
        dataplane.apply(states.state(next).delta());
      } else if (round % 5 == 3) {
        // A set of another type, as another version might have: the whole table is replaced.
        dataplane.close();
        nft.apply(
            """
            delete map inet margay from_host_groups
            add map inet margay from_host_groups { type ipv4_addr : mark; }
            """);
        dataplane = new NftablesDataplane(node.namespace(), CONFIG, event -> {});
        dataplane.apply(states.state(next).delta());
        assertThat(dataplane.stats().programming().replacements()).isEqualTo(1);
      } else {
        dataplane.apply(states.change(current, next));
      }
      current = next;
    }
    flood.stop();
    assertThat(dataplane.stats().programming().refusals()).isZero();
    dataplane.close();
    assertThat(nft.list("list tables", Nftables.Format.TEXT).strip())
        .isEqualTo("table inet margay");
    assertThat(flood.sent).isGreaterThan(ROUNDS);
    assertThat(flood.sent - flood.received).as("allowed packets lost of " + flood.sent).isZero();
    assertThat(flood.slipped).as("denied packets received").isZero();
  }

  /**
   * Datagrams from both peers to the server, as fast as they go. No more are on their way than the
   * queues of a busy kernel hold, so that what is lost was lost by the table.
   */
  private static final class Flood {
    private static final int ON_THE_WAY = 100;
    private static final int PATIENCE = 1000;

    /** A busy kernel may put the last packets off for seconds; each one has to be accounted for. */
    private static final int LAST_PATIENCE = 20_000;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final PodNode.Peer server;
    private final DatagramChannel friend;
    private final DatagramChannel stranger;
    private final DatagramChannel open;
    private final DatagramChannel closed;
    private final InetAddress friendAddress;
    private int sent;
    private int received;
    private int slipped;

    Flood(PodNode.Peer friend, PodNode.Peer stranger, PodNode.Peer server) throws IOException {
      this.server = server;
      this.friend = friend.udp(5555);
      this.stranger = stranger.udp(5555);
      this.open = server.udp(ALLOWED_PORT);
      this.closed = server.udp(DENIED_PORT);
      this.friendAddress = friend.address();
      Thread.ofPlatform().start(this::run);
    }

    private void run() {
      try {
        while (!stop.get()) {
          PodNode.send(friend, server.address(), ALLOWED_PORT);
          sent++;
          PodNode.send(friend, server.address(), DENIED_PORT);
          PodNode.send(stranger, server.address(), ALLOWED_PORT);
          receive();
          await(ON_THE_WAY, PATIENCE);
        }
        await(0, LAST_PATIENCE);
        end.complete(null);
      } catch (Exception e) {
        end.completeExceptionally(e);
      }
    }

    /** Waits until at most so many are on their way; those that are lost are waited for in vain. */
    private void await(int few, int patience) throws IOException, InterruptedException {
      for (int i = 0; i < patience && sent - received > few; i++) {
        Thread.sleep(1);
        receive();
      }
    }

    private void receive() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocate(64);
      while (open.receive(buffer.clear()) instanceof InetSocketAddress from) {
        if (from.getAddress().equals(friendAddress)) {
          received++;
        } else {
          slipped++;
        }
      }
      slipped += PodNode.drain(closed);
    }

    void stop() {
      stop.set(true);
      end.join();
    }
  }
}
