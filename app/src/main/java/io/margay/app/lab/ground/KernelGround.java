package io.margay.app.lab.ground;

import io.margay.app.lab.cluster.ClusterNetwork;
import io.margay.app.lab.cluster.ClusterPlan;
import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.cluster.ServiceProxy;
import io.margay.app.lab.traffic.SocketTraffic;
import io.margay.app.lab.traffic.Traffic;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.TableObserver;
import io.margay.dataplane.nftables.NftablesConfig;
import io.margay.flows.collect.FlowSink;
import java.io.IOException;
import java.nio.file.Path;

/** Network namespaces, real packets, and nftables. */
public final class KernelGround implements Ground {
  /** Every new connection of a lab can be told; the limit is for floods. */
  private static final int EVENTS_PER_SECOND = 500;

  private final ClusterPlan plan;
  private final ClusterNetwork network;

  private KernelGround(ClusterPlan plan, ClusterNetwork network) {
    this.plan = plan;
    this.network = network;
  }

  /**
   * Builds the cluster's network and its services.
   *
   * @throws io.margay.kernel.KernelException if the kernel refuses
   * @throws io.margay.kernel.nft.NftException if it has no nftables
   */
  public static KernelGround build(ClusterPlan plan) {
    ClusterNetwork network = ClusterNetwork.build(plan);
    try {
      ServiceProxy.program(plan, network);
      return new KernelGround(plan, network);
    } catch (RuntimeException e) {
      network.close();
      throw e;
    }
  }

  @Override
  public String dataplane() {
    return "nftables";
  }

  @Override
  public NodeProcess node(LabNode node, FlowSink flows, TableObserver observer) {
    NftablesConfig defaults = NftablesConfig.defaults(node.name());
    NftablesConfig config =
        defaults.withLog(
            new NftablesConfig.Log(
                defaults.log().group(), EVENTS_PER_SECOND, 2 * EVENTS_PER_SECOND));
    return NodeProcess.nftables(config, network.node(node), flows, observer);
  }

  @Override
  public Traffic traffic() throws IOException {
    return SocketTraffic.start(network, plan.pods());
  }

  @Override
  public void publish(Path folder) {
    network.publish(folder);
  }

  @Override
  public void close() {
    network.close();
  }
}
