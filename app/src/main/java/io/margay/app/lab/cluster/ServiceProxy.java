package io.margay.app.lab.cluster;

import io.margay.kernel.netns.NetworkNamespace;
import io.margay.kernel.nft.Nftables;

/** Programs the lab's services on its nodes, where a cluster would run kube-proxy. */
public final class ServiceProxy {
  private ServiceProxy() {}

  /** Makes every cluster address work on every node. */
  public static void program(ClusterPlan plan, ClusterNetwork network) {
    String rules = ServiceRules.render(plan.services());
    for (LabNode node : plan.nodes()) {
      NetworkNamespace namespace = network.node(node);
      try (Nftables nftables = Nftables.open(namespace)) {
        nftables.apply(rules);
      }
    }
  }
}
