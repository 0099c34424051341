package io.margay.policy.recommend;

import java.util.Map;

/** One end of a conversation, as far as rules can name it. */
public sealed interface Peer {
  /**
   * Pods that stand for the same thing: all with the same labels, apart from those of a rollout.
   *
   * @param name for people, such as {@code web-7d9f-*}; one for the same labels
   * @param labels that these pods have and no other pod of the namespace; empty if there are none
   */
  record Workload(String namespace, String name, Map<String, String> labels) implements Peer {
    public Workload {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * Addresses in a network set.
   *
   * @param namespace empty for a GlobalNetworkSet
   * @param labels empty if it has none, so that no rule can select it
   */
  record NetworkSet(String namespace, String name, Map<String, String> labels) implements Peer {
    public NetworkSet {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * A host, of which host endpoints tell.
   *
   * @param name of its only host endpoint, or of the node if there is not just one
   * @param labels that this host endpoint has and no other; empty if there are none
   * @param isPrivate whether rules name it by an address for private use
   */
  record Host(String name, Map<String, String> labels, boolean isPrivate) implements Peer {
    public Host {
      labels = Map.copyOf(labels);
    }
  }

  /** An address for private use, of a host or of nobody. */
  record PrivateAddress() implements Peer {}

  /** An address on the Internet. */
  record PublicAddress() implements Peer {}
}
