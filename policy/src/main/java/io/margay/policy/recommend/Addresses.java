package io.margay.policy.recommend;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.net.Protocol;
import java.util.List;

/**
 * What flow records call private, and where pods are.
 *
 * @param privateNets the prefixes of private addresses, of both families
 * @param podNets the prefixes of the cluster's pods: a rule for private addresses is not for pods
 */
public record Addresses(List<Cidr> privateNets, List<Cidr> podNets) {
  public Addresses {
    privateNets = List.copyOf(privateNets);
    podNets = List.copyOf(podNets);
    for (IpFamily family : IpFamily.values()) {
      if (privateNets.stream().noneMatch(net -> net.address().family() == family)) {
        throw new IllegalArgumentException("no private addresses of " + family);
      }
    }
  }

  /** The versions of IP in which this cluster's pods can speak a protocol. */
  List<IpFamily> families(Protocol protocol) {
    if (protocol.isIcmp()) {
      return List.of(protocol.equals(Protocol.ICMP) ? IpFamily.IPV4 : IpFamily.IPV6);
    }
    List<IpFamily> ofPods =
        podNets.stream().map(net -> net.address().family()).distinct().sorted().toList();
    return ofPods.isEmpty() ? List.of(IpFamily.values()) : ofPods;
  }

  List<Cidr> privateNets(IpFamily family) {
    return of(family, privateNets);
  }

  List<Cidr> podNets(IpFamily family) {
    return of(family, podNets);
  }

  private static List<Cidr> of(IpFamily family, List<Cidr> nets) {
    return nets.stream().filter(net -> net.address().family() == family).toList();
  }
}
