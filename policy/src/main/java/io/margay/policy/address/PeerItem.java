package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.model.net.Cidrs;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.label.LayeredLabels;
import java.util.List;

/**
 * Something with labels and addresses that rules can select: an endpoint, a network set or a node.
 */
public record PeerItem(
    ResourceKey key, LayeredLabels labels, List<Cidr> prefixes, List<NamedPort> ports) {
  public PeerItem {
    prefixes = Cidrs.sorted(prefixes);
    ports = List.copyOf(ports);
  }

  /** A port to which the item gives a name. */
  public record NamedPort(String name, Protocol protocol, int port) {}
}
