package io.margay.policy.address;

import io.margay.model.net.Cidr;
import io.margay.model.selector.Selector;
import java.util.List;

/** Something that a rule asks about an address: the design's peer predicate. */
public sealed interface Question {

  /** Whether it belongs to an endpoint or network set that the selector matches. */
  record Selected(Selector selector) implements Question {}

  /** Whether one of the prefixes holds it. */
  record InNets(List<Cidr> nets) implements Question {
    public InNets {
      nets = List.copyOf(nets);
    }
  }

  /** Whether it belongs to a node that the selector matches. */
  record OnNode(Selector selector) implements Question {}

  /** Whether it stands behind a service. */
  record BehindService(String namespace, String name) implements Question {}

  /** On which protocols and ports it stands behind a service. */
  record ServicePorts(String namespace, String name) implements Question {}

  /** To which protocols and ports the endpoints there, if selected, give a name. */
  record NamedPort(Selector owners, String port) implements Question {}
}
