package io.margay.dataplane.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.dataplane.DataplaneStats;
import io.margay.dataplane.Deltas;
import io.margay.dataplane.InNamespaces;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.model.net.PortRange;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.TableDelta;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that comes or goes is one small transaction, however large the table is. */
class UpdateCostTest extends InNamespaces {
  private static final int FIRST_CLASS = 100;
  private static final int GROUP = 50;
  private static final int ROUNDS = 21;

  /** Policies that each allow another class another port, all of them for the same pods. */
  private static TableDelta tables(int classes) {
    Deltas deltas = Deltas.basic();
    Map<Integer, Integer> portTables = new HashMap<>();
    for (int i = 0; i < classes; i++) {
      int id = FIRST_CLASS + i;
      deltas.outcome(id, Verdict.ALLOW);
      deltas.tcpTable(id, PortRange.of(1024 + i % 60_000), id, Deltas.DENY);
      deltas.peerClass(address(i) + "/32", id);
      portTables.put(id, id);
    }
    return deltas
        .workloadGroup(GROUP, Direction.INGRESS, Deltas.DENY, portTables)
        .workloadGroup(GROUP + 1, Direction.EGRESS, Deltas.ALLOW, Map.of())
        .workload("local", "cali0", GROUP + 1, GROUP, "10.255.0.1")
        .delta();
  }

  private static String address(int number) {
    return "10.%d.%d.%d".formatted(number >> 16, number >> 8 & 0xff, number & 0xff);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 10_000})
  void onePodIsOneSmallTransaction(int classes) {
    NetworkNamespace namespace = namespace();
    NftablesDataplane dataplane =
        closing(new NftablesDataplane(namespace, NftablesConfig.defaults("node"), event -> {}));
    long loading = System.nanoTime();
    dataplane.apply(tables(classes));
    loading = System.nanoTime() - loading;
    DataplaneStats.Programming before = dataplane.stats().programming();

    double remote =
        medianMillis(
            () -> dataplane.apply(new Deltas().peerClass("10.200.0.1/32", FIRST_CLASS).delta()),
            () -> dataplane.apply(new Deltas().removePeerClass("10.200.0.1/32").delta()));
    double local =
        medianMillis(
            () ->
                dataplane.apply(
                    new Deltas()
                        .peerClass("10.200.0.2/32", FIRST_CLASS)
                        .workload("new", "cali9", GROUP + 1, GROUP, "10.200.0.2")
                        .delta()),
            () ->
                dataplane.apply(
                    new Deltas().removePeerClass("10.200.0.2/32").removeWorkload("new").delta()));
    System.out.printf(
        "%d peer classes: loaded in %d ms; a remote pod comes or goes in %.2f ms, a local one in"
            + " %.2f ms (medians)%n",
        classes, loading / 1_000_000, remote, local);

    DataplaneStats.Programming after = dataplane.stats().programming();
    assertThat(after.transactions()).isEqualTo(before.transactions());
    assertThat(after.elementTransactions() - before.elementTransactions()).isEqualTo(4L * ROUNDS);
    assertThat(dataplane.stats().programming().refusals()).isZero();
  }

  private static double medianMillis(Runnable comes, Runnable goes) {
    long[] nanos = new long[2 * ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      comes.run();
      nanos[2 * i] = System.nanoTime() - start;
      start = System.nanoTime();
      goes.run();
      nanos[2 * i + 1] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[ROUNDS] / 1e6;
  }
}
