package io.margay.bench.connect;

import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.kernel.nft.Nftables;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One way to judge connections at one number of policies, ready to be measured in rounds. */
final class Contender implements AutoCloseable {
  /** How the node judges. */
  enum Layout {
    /** Not at all: what the machine itself can do. */
    NONE,
    MARGAY,
    CHAIN_PER_POLICY
  }

  private final Layout layout;
  private final Cluster cluster;
  private final int connections;
  private final ForwardingPath path;
  private final double loadSeconds;
  private final Samples rates = new Samples();
  private @Nullable JudgedNode judged;

  /**
   * @param connections to set up in each turn
   */
  Contender(Layout layout, Cluster cluster, int connections) throws IOException {
    this.layout = layout;
    this.cluster = cluster;
    this.connections = connections;
    this.path = new ForwardingPath(cluster);
    long start = System.nanoTime();
    switch (layout) {
      case NONE -> {}
      case MARGAY -> judged = new JudgedNode(path.node(), cluster);
      case CHAIN_PER_POLICY -> {
        try (Nftables nftables = Nftables.open(path.node())) {
          nftables.apply(ChainPerPolicy.commands(cluster));
        }
      }
    }
    loadSeconds = (System.nanoTime() - start) / 1e9;
  }

  /** Warms up, and makes sure that the policies are in force. */
  void prepare() throws IOException {
    for (int client = 0; client < Cluster.CLIENTS; client++) {
      path.connectionsPerSecond(client, connections);
    }
    if (layout != Layout.NONE && !path.keepsStrangerOut()) {
      throw new IllegalStateException(layout + " lets a pod through that no policy allows");
    }
  }

  /** Takes one turn, with connections from one client. */
  void measure(int client) throws IOException {
    rates.add(path.connectionsPerSecond(client, connections));
  }

  Samples rates() {
    return rates;
  }

  /** The node, of Margay's layout. */
  JudgedNode judged() {
    if (judged == null) {
      throw new IllegalStateException(layout + " does not judge with Margay");
    }
    return judged;
  }

  JsonLine result() {
    JsonLine line =
        JsonLine.of("connect", "rate")
            .text("layout", layout.name())
            .number("policies", layout == Layout.NONE ? 0 : cluster.policies())
            .number("rate", rates.median())
            .number("lowerQuartile", rates.quantile(0.25))
            .number("upperQuartile", rates.quantile(0.75))
            .number("turns", rates.count())
            .number("loadSeconds", loadSeconds);
    return judged == null
        ? line
        : line.number("classes", judged.size().classes()).number("flowEvents", judged.flowEvents());
  }

  @Override
  public void close() throws IOException {
    if (judged != null) {
      judged.close();
    }
    path.close();
  }
}
