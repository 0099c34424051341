package io.margay.model.resource;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.util.List;

/** A cluster node. */
public record Node(ObjectMeta metadata, Spec spec, Status status) implements Resource {
  @SuppressWarnings("NullAway") // Jackson passes null for what is absent.
  public Node {
    spec = spec == null ? new Spec(List.of()) : spec;
    status = status == null ? new Status(List.of()) : status;
  }

  @Override
  public Kind kind() {
    return Kind.NODE;
  }

  /** The address ranges from which the node's pods get theirs. */
  public record Spec(List<Cidr> podCIDRs) {
    @SuppressWarnings("NullAway")
    public Spec {
      podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
    }
  }

  public record Status(List<NodeAddress> addresses) {
    @SuppressWarnings("NullAway")
    public Status {
      addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
  }

  /**
   * One address of a node.
   *
   * @param type InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS
   * @param address an address for the two IP types, else a name
   */
  public record NodeAddress(String type, String address) {}

  /** The addresses of the two IP types, in order. */
  public List<IpAddress> ipAddresses() {
    return status.addresses().stream()
        .filter(a -> a.type().equals("InternalIP") || a.type().equals("ExternalIP"))
        .map(a -> IpAddress.parse(a.address()))
        .toList();
  }
}
