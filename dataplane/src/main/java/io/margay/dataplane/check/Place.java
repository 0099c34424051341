package io.margay.dataplane.check;

import io.margay.model.net.IpAddress;

/** Where an address is. */
sealed interface Place {
  /** A pod behind its interface on a node. */
  record InPod(String node, String interfaceName) implements Place {}

  /** A process of a node itself. */
  record OnNode(String node) implements Place {}

  /** Outside the cluster, beyond every node's uplink. */
  record Outside(IpAddress address) implements Place {}
}
