package io.margay.model.vector;

import io.margay.model.net.IpAddress;

/** One end of an expected connection. */
public sealed interface VectorPeer {
  record PodPeer(String namespace, String name) implements VectorPeer {
    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  /** An address, whoever has it. */
  record AddressPeer(IpAddress address) implements VectorPeer {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** A process of a node, under one of the node's addresses. */
  record NodePeer(String node, IpAddress address) implements VectorPeer {
    @Override
    public String toString() {
      return node + " (" + address + ")";
    }
  }

  record HostEndpointPeer(String name) implements VectorPeer {
    @Override
    public String toString() {
      return "host endpoint " + name;
    }
  }
}
