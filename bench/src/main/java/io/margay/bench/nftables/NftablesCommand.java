package io.margay.bench.nftables;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.dataplane.nftables.NftablesDataplane;
import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.policy.engine.PolicyEngine;
import io.margay.policy.engine.Scope;
import io.margay.policy.table.TableDelta;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./margay bench nftables}: from a changed resource until the kernel has it. */
@Command(
    name = "nftables",
    description = {
      "Resync with nothing to change, one address of a set in or out, one policy changed: in a"
          + " kernel's table with many policies and sets, beside Felix's figures.",
      "In a network namespace of its own."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class NftablesCommand extends BenchCommand {
  /** Felix's milliseconds and our bars, with 2,000 policies and sets of 100. */
  private enum Measured {
    RESYNC(6_543, 1_000),
    READ_BACK(6_543, 1_000),
    ADDRESS(16.8, 2),
    POLICY(27.1, 5);

    final double felixMillis;
    final double barMillis;

    Measured(double felixMillis, double barMillis) {
      this.felixMillis = felixMillis;
      this.barMillis = barMillis;
    }
  }

  private static final int READ_BACKS = 3;

  @Option(
      names = "--sets",
      defaultValue = "2000",
      description = "How many sets, and as many policies; default: ${DEFAULT-VALUE}.")
  private int sets;

  @Option(
      names = "--members",
      defaultValue = "100",
      description = "Addresses of each set; default: ${DEFAULT-VALUE}.")
  private int members;

  @Option(names = "--rounds", defaultValue = "21", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  private PolicyEngine engine;
  private Nftables stranger;
  private NftablesDataplane dataplane;

  @Override
  public Integer call() {
    NetworkNamespace.whyUnavailable()
        .ifPresent(reason -> {
          throw new CommandFailure(reason);
        });
    if (sets < 10 || sets > 10_000 || members < 1 || members > 1_000 || rounds < 1) {
      throw new CommandFailure(
          "write --sets of 10 to 10000, --members of 1 to 1000, --rounds of at least 1");
    }
    SetCluster cluster = new SetCluster(sets, members);
    try (NetworkNamespace namespace = NetworkNamespace.create();
        Nftables others = Nftables.open(namespace);
        NftablesDataplane programmed =
            new NftablesDataplane(
                namespace, NftablesConfig.defaults(SetCluster.NODE), event -> {})) {
      stranger = others;
      engine = new PolicyEngine(Scope.node(SetCluster.NODE));
      dataplane = programmed;
      progress("programming " + sets + " policies and sets of " + members);
      cluster.resources().forEach(this::note);
      flush();
      measure(cluster);
    }
    return 0;
  }

  private void measure(SetCluster cluster) {
    Samples resync = new Samples();
    Samples readBack = new Samples();
    Samples address = new Samples();
    Samples addressEngine = new Samples();
    Samples policy = new Samples();
    Samples policyEngine = new Samples();
    // The first rounds are the compiler's.
    int warmUp = Math.min(rounds, 10);
    for (int round = -warmUp; round < rounds; round++) {
      if (round % 10 == 0) {
        progress("round " + Math.max(0, round) + " of " + rounds);
      }
      boolean more = round % 2 == 0;
      int number = (round + warmUp) / 2 % sets;
      Timing one = change(cluster.set(number, more));
      Timing other = change(cluster.policy(number, more));
      if (round >= 0) {
        address.add(one.millis());
        addressEngine.add(one.engineMillis());
        policy.add(other.millis());
        policyEngine.add(other.engineMillis());
      }
      if (round >= 0) {
        resync.add(resync());
      }
      if (round >= 0 && round < READ_BACKS) {
        // A stranger's transaction, about another table: what is ours has to be read.
        stranger.apply("add table inet stranger" + round);
        readBack.add(resync());
      }
    }
    print(result("resync, nothing to change", Measured.RESYNC, resync));
    print(result("resync after a stranger's transaction", Measured.READ_BACK, readBack));
    print(
        result("one address in or out", Measured.ADDRESS, address)
            .number("engineMillis", addressEngine.median()));
    print(
        result("one policy changed", Measured.POLICY, policy)
            .number("engineMillis", policyEngine.median()));
  }

  private JsonLine result(String name, Measured measured, Samples samples) {
    JsonLine line =
        JsonLine.of("nftables", name)
            .number("sets", sets)
            .number("members", members)
            .number("millis", samples.median());
    // Felix's figures and our aims are of that size.
    if (sets == 2_000 && members == 100) {
      line.number("timeRatio", samples.median() / measured.felixMillis)
          .number("barMillis", measured.barMillis);
    }
    return line;
  }

  private double resync() {
    long start = System.nanoTime();
    dataplane.resync();
    return (System.nanoTime() - start) / 1e6;
  }

  private record Timing(double engineMillis, double millis) {}

  private void note(Resource resource) {
    engine.apply(new ResourceChange.Upsert(resource));
  }

  private Timing change(Resource resource) {
    long start = System.nanoTime();
    note(resource);
    return flush(start);
  }

  private void flush() {
    flush(System.nanoTime());
  }

  private Timing flush(long start) {
    TableDelta delta = engine.flush();
    long computed = System.nanoTime();
    dataplane.apply(delta);
    return new Timing((computed - start) / 1e6, (System.nanoTime() - start) / 1e6);
  }
}
