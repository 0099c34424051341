package io.margay.dataplane.check;

import io.margay.model.net.Packet;

/**
 * A packet to send.
 *
 * @param entry the node at which a packet from outside enters the cluster
 */
record Probe(Packet packet, Place from, Place to, String entry) {
  /**
   * Whether a node would send this to a pod of its own. Such traffic is never judged, so the
   * question is asked with the same packet from the wire.
   */
  boolean fromOwnNode() {
    return from instanceof Place.OnNode(String sender)
        && to instanceof Place.InPod(String receiver, String name)
        && sender.equals(receiver);
  }
}
