package io.margay.dataplane.simulated;

import io.margay.model.net.Packet;

/**
 * A packet that crosses a node.
 *
 * @param from the interface by which it comes in; empty when a process of the node sends it
 * @param to the interface by which it leaves; empty when it is for a process of the node
 */
public record Crossing(Packet packet, String from, String to) {
  public Crossing {
    if (from.isEmpty() && to.isEmpty()) {
      throw new IllegalArgumentException("a packet from the node to itself crosses nothing");
    }
  }

  boolean sentHere() {
    return from.isEmpty();
  }

  boolean deliveredHere() {
    return to.isEmpty();
  }
}
