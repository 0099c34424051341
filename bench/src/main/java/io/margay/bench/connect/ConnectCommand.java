package io.margay.bench.connect;

import io.margay.app.cli.CommandFailure;
import io.margay.bench.BenchCommand;
import io.margay.bench.JsonLine;
import io.margay.bench.connect.Contender.Layout;
import io.margay.kernel.netns.NetworkNamespace;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ./margay bench connect}. All contenders stand at the same time, each on its own node, and
 * take turns of a few milliseconds, so that a machine that is busy for a while slows all of them
 * alike, and the median turn is one that nothing else disturbed.
 */
@Command(
    name = "connect",
    description = {
      "Rate at which TCP connections are set up through a node, under few policies and under many,"
          + " beside a chain for each policy; and the time that a pod takes which comes or goes.",
      "Real connections between network namespaces, forwarded through one with the rules."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ConnectCommand extends BenchCommand {
  private static final int FEW = Cluster.CLIENTS;
  private static final int PODS = 200;

  /** The slow contender gets fewer connections: it is to take its turn, not most of the time. */
  private static final int SLOW_PART = 20;

  @Option(
      names = "--policies",
      defaultValue = "10000",
      description = "How many are many: ${DEFAULT-VALUE} policies and peer classes.")
  private int policies;

  @Option(names = "--rounds", defaultValue = "51", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--connections",
      defaultValue = "50",
      description =
          "In a turn, of which a round has one for each of 10 clients; default: ${DEFAULT-VALUE}.")
  private int connections;

  @Override
  public Integer call() throws IOException {
    NetworkNamespace.whyUnavailable()
        .ifPresent(reason -> {
          throw new CommandFailure(reason);
        });
    if (rounds < 1 || connections < 1) {
      throw new CommandFailure("--rounds and --connections must be at least 1");
    }
    Cluster many = cluster();
    Cluster few = new Cluster(FEW);
    int slowConnections = Math.max(1, connections / SLOW_PART);
    try (Contender none = contender(Layout.NONE, few, connections);
        Contender margayFew = contender(Layout.MARGAY, few, connections);
        Contender margayMany = contender(Layout.MARGAY, many, connections);
        Contender chainsFew = contender(Layout.CHAIN_PER_POLICY, few, connections);
        Contender chainsMany = contender(Layout.CHAIN_PER_POLICY, many, slowConnections)) {
      List<Contender> contenders = List.of(none, margayFew, margayMany, chainsFew, chainsMany);
      for (Contender contender : contenders) {
        contender.prepare();
      }
      measure(contenders);
      contenders.forEach(contender -> print(contender.result()));

      progress(PODS + " pods come and go");
      PodChurn like = PodChurn.measure(margayMany.judged(), PODS, many::likePod);
      PodChurn unlike = PodChurn.measure(margayMany.judged(), PODS, many::unlikePod);
      print(like.result("pod of a class that is there"));
      print(unlike.result("pod of a new class"));
      print(
          JsonLine.of("connect", "summary")
              .number("policies", policies)
              .number("rate", margayMany.rates().median())
              .number("rateAt10", margayFew.rates().median())
              .number("ratioTo10", ratio(margayMany, margayFew))
              .number("ratioToNone", ratio(margayMany, none))
              .number("baselineRate", chainsMany.rates().median())
              .number("baselineRatioTo10", ratio(chainsMany, chainsFew))
              .number("ratioToBaseline", ratio(margayMany, chainsMany))
              .number("podAddMillis", like.medianAddMillis())
              .number("podRemoveMillis", like.medianRemoveMillis())
              .number("podTransactions", like.transactionsEach())
              .number("newClassPodAddMillis", unlike.medianAddMillis())
              .number("newClassPodRemoveMillis", unlike.medianRemoveMillis()));
    }
    return 0;
  }

  private static double ratio(Contender contender, Contender to) {
    return contender.rates().median() / to.rates().median();
  }

  private Cluster cluster() {
    try {
      return new Cluster(policies);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("--policies: " + e.getMessage(), e);
    }
  }

  private Contender contender(Layout layout, Cluster cluster, int fromEachClient)
      throws IOException {
    if (layout != Layout.NONE) {
      progress("programming " + layout + " with " + cluster.policies() + " policies");
    }
    return new Contender(layout, cluster, fromEachClient);
  }

  /** Every other round goes backwards, so that nobody always comes after the slow one. */
  private void measure(List<Contender> contenders) throws IOException {
    List<Contender> order = contenders;
    for (int round = 1; round <= rounds; round++) {
      for (int client = 0; client < Cluster.CLIENTS; client++) {
        for (Contender contender : order) {
          contender.measure(client);
        }
      }
      order = order.reversed();
      if (round % 10 == 0 || round == rounds) {
        progress("round " + round + " of " + rounds);
      }
    }
  }
}
