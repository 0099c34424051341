package io.margay.network.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.margay.kernel.conntrack.Conntrack;
import io.margay.kernel.nft.Nftables;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Machines that move as they should. */
class LiveMigrationTest extends InMigrationLab {
  @Test
  void aMachineGoesAndComesBackWithItsSessions() throws Exception {
    try (Session session = new Session()) {
      prepare("out", "vm-2", "b");
      lab.move(address, "a", "vm-1", "b", "vm-2");
      arrive("out");
      assertThat(metrics("b", "vm-2")).containsExactly(512);
      assertThat(session.answers()).isTrue();
      assertThat(owner()).isEqualTo("vm-2@b");
      phase("out", "Succeeded");
      awaitRecord("out", "Succeeded", "");
      await().untilAsserted(() -> assertThat(metrics("b", "vm-2")).containsExactly(1024));
      end("vm-1");

      prepare("back", "vm-3", "a");
      lab.move(address, "b", "vm-2", "a", "vm-3");
      arrive("back");
      assertThat(session.answers()).isTrue();
      phase("back", "Succeeded");
      end("vm-2");
      awaitRecord("back", "Succeeded", "");
      assertThat(owner()).isEqualTo("vm-3@a");
      assertThat(session.answers()).isTrue();
    }
    assertThat(record("out").at("/status/phases").findValuesAsText("phase"))
        .containsExactly("Prepared", "Live", "Converging", "Succeeded");
    assertThat(record("out").at("/spec/source/node").asText()).isEqualTo("a");
    assertThat(record("out").at("/status/gapMillis").asLong(-1)).isBetween(0L, 10_000L);
    assertThat(record("back").at("/status/gapPackets").asLong(-1)).isNotNegative();
  }

  /** The session was allowed when it began; where the machine goes, nobody may begin one. */
  @Test
  void connectionsGoOnWhereNewOnesAreDenied() throws Exception {
    forwardRules("a", "ct state established accept");
    forwardRules("b", "ct state established accept", "oifname \"cali*\" ct state new drop");
    try (Session session = new Session()) {
      assertThat(session.answers()).isTrue();
      prepare("out", "vm-2", "b");
      await()
          .untilAsserted(
              () -> assertThat(record("out").at("/status/connections/moved").asInt()).isPositive());
      lab.move(address, "a", "vm-1", "b", "vm-2");
      arrive("out");
      assertThat(session.answers()).isTrue();
      assertThat(lab.connects(CLIENT, address)).isFalse();
      phase("out", "Succeeded");
      awaitRecord("out", "Succeeded", "");
      assertThat(session.answers()).isTrue();
      // Those who talk to the machine from the node that it left are not judged anew either.
      try (Conntrack left = Conntrack.open(lab.node("a"))) {
        assertThat(left.connections(InetAddress.ofLiteral(address))).isNotEmpty();
      }
    }
    assertThat(record("out").at("/status").has("handover")).isFalse();
    assertThat(record("out").at("/status/connections/dropped").asInt()).isZero();
  }

  private void forwardRules(String node, String... rules) {
    try (Nftables nft = Nftables.open(lab.node(node))) {
      nft.apply(
          "table inet judge {\n chain forward {\n type filter hook forward priority 0;\n"
              + String.join("\n", rules)
              + "\n }\n}\n");
    }
  }

  @Test
  void theNextMigrationDoesNotWaitForTheLast() {
    migrations.get("b").close();
    follow("b", store, Duration.ofMinutes(5));
    prepare("out", "vm-2", "b");
    lab.move(address, "a", "vm-1", "b", "vm-2");
    arrive("out");
    phase("out", "Succeeded");
    awaitRecord("out", "Converging", "");
    assertThat(metrics("b", "vm-2")).containsExactly(512);
    end("vm-1");

    prepare("back", "vm-3", "a");
    awaitRecord("out", "Succeeded", "");
    await().untilAsserted(() -> assertThat(metrics("b", "vm-2")).containsExactly(1024));
    lab.move(address, "b", "vm-2", "a", "vm-3");
    arrive("back");
    awaitReachable();
  }
}
