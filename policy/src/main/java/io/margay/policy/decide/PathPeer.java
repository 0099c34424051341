package io.margay.policy.decide;

import io.margay.model.net.IpAddress;

/** One end of a connection. */
public sealed interface PathPeer {
  /** A pod; one of the host's network stands for its host's address. */
  record Pod(String namespace, String name) implements PathPeer {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** An address: that of the pod or host endpoint which has it, if any does. */
  record Address(IpAddress address) implements PathPeer {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** A host, by its host endpoint. */
  record Host(String hostEndpoint) implements PathPeer {
    @Override
    public String toString() {
      return "host endpoint " + hostEndpoint;
    }
  }
}
