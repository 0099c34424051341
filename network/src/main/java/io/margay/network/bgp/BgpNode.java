package io.margay.network.bgp;

import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.Node;
import io.margay.network.route.NodePlace;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as a speaker of BGP, read from Calico's annotations.
 *
 * @param asNumber 0 for the cluster's
 * @param clusterId of a route reflector, an IPv4 address; empty for others
 */
public record BgpNode(
    NodePlace place, Map<String, String> labels, long asNumber, String clusterId) {
  private static final String AS_NUMBER = "projectcalico.org/ASNumber";
  private static final String CLUSTER_ID = "projectcalico.org/RouteReflectorClusterID";

  public BgpNode {
    labels = Map.copyOf(labels);
  }

  /**
   * Reads a node.
   *
   * @throws IllegalArgumentException if its annotations about BGP cannot be read
   */
  static BgpNode of(Node node, NodePlace place) {
    String as = node.metadata().annotations().getOrDefault(AS_NUMBER, "");
    String id = node.metadata().annotations().getOrDefault(CLUSTER_ID, "");
    if (!as.isEmpty() && !as.matches("[1-9][0-9]{0,9}")) {
      throw new IllegalArgumentException(
          node.key() + ", annotation " + AS_NUMBER + " \"" + as + "\": write a number like 64512");
    }
    if (!id.isEmpty() && !isIpv4(id)) {
      throw new IllegalArgumentException(
          node.key() + ", annotation " + CLUSTER_ID + " \"" + id + "\": write one like 244.0.0.1");
    }
    return new BgpNode(place, node.metadata().labels(), as.isEmpty() ? 0 : Long.parseLong(as), id);
  }

  private static boolean isIpv4(String text) {
    try {
      return IpAddress.parse(text).family() == IpFamily.IPV4;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Nullable IpAddress address(IpFamily family) {
    NodePlace.Reach reach = place.reach(family);
    return reach == null ? null : reach.address();
  }

  boolean isReflector() {
    return !clusterId.isEmpty();
  }
}
