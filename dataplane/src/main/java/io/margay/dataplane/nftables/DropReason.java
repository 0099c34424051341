package io.margay.dataplane.nftables;

import java.util.Locale;

/** Why packets are dropped other than by a policy. Each reason has a counter in our table. */
enum DropReason {
  /** The interface looks like a pod's, and no pod is known there yet. */
  UNKNOWN_INTERFACE,
  /** Connection tracking makes nothing of the packet. */
  INVALID,
  /** A pod sent from an address that is not its own. */
  SPOOFED_SOURCE,
  /** Egress policies allowed the packet, but pods may not talk to their own node. */
  WORKLOAD_TO_HOST,
  /** A step of the lookup found nothing: the table is not whole. */
  BROKEN_TABLE;

  String counter() {
    return name().toLowerCase(Locale.ROOT);
  }

  String rule() {
    return "counter name \"" + counter() + "\" drop";
  }
}
