package io.margay.console.blast;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.FlowPeer;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.util.List;

/**
 * The machine in question.
 *
 * @param addresses that it has now
 * @param node where it runs; empty where it does not
 */
public record ExaminedMachine(
    String namespace, String name, List<IpAddress> addresses, String node) {
  /** KubeVirt's name for the pod of a machine, before the part that is new for each pod. */
  private static final String LAUNCHER = "virt-launcher-";

  public ExaminedMachine {
    addresses = List.copyOf(addresses);
  }

  /** Whether a flow's end is this machine, in whatever pod it ran then. */
  boolean is(FlowPeer peer) {
    String prefix = LAUNCHER + name + "-";
    // What follows is one word, or a machine "db" would also be "db-replica".
    return peer.type() == FlowPeer.Type.WORKLOAD_ENDPOINT
        && peer.namespace().equals(namespace)
        && peer.name().startsWith(prefix)
        && peer.name().indexOf('-', prefix.length()) < 0;
  }

  /** The pods that the machine is in now: two while it migrates. */
  public List<ClusterEndpoint> pods(ClusterView cluster) {
    return cluster.endpoints().stream()
        .filter(ClusterEndpoint::isPod)
        .filter(endpoint -> is(endpoint.peer()))
        .toList();
  }

  /** How a range names the machine, if it does. A range of everything names nobody. */
  Binding bindingOf(List<Cidr> ranges) {
    Binding closest = Binding.NONE;
    for (Cidr range : ranges) {
      for (IpAddress address : addresses) {
        if (range.prefixLength() > 0 && range.contains(address)) {
          closest = range.isSingle() ? Binding.ADDRESS : closest.orCloser(Binding.RANGE);
        }
      }
      if (closest == Binding.ADDRESS) {
        return closest;
      }
    }
    return closest;
  }
}
