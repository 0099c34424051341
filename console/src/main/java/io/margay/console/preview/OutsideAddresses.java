package io.margay.console.preview;

import io.margay.console.cluster.ClusterView;
import io.margay.flows.FlowPeer;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.Kind;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Resource;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.Policy;
import io.margay.policy.convert.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Stands for the addresses that flow records do not keep. Policies tell outside addresses apart by
 * their prefixes only, so the starts of all prefixes, and the addresses behind their ends, hold one
 * address of every group that any policy can tell from the others.
 */
final class OutsideAddresses {
  /** More would make a preview slow; then verdicts of outside peers are uncertain. */
  private static final int MOST = 96;

  private static final List<Cidr> PRIVATE =
      Stream.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16").map(Cidr::parse).toList();
  private static final IpAddress SOME_PUBLIC = IpAddress.parse("198.51.100.77");

  private final List<IpAddress> publicOnes = new ArrayList<>();
  private final List<IpAddress> privateOnes = new ArrayList<>();
  private final boolean complete;

  private OutsideAddresses(TreeSet<IpAddress> candidates, List<Cidr> taken) {
    for (IpAddress candidate : candidates) {
      if (taken.stream().noneMatch(net -> net.contains(candidate))) {
        boolean inside = PRIVATE.stream().anyMatch(net -> net.contains(candidate));
        (inside ? privateOnes : publicOnes).add(candidate);
      }
    }
    this.complete = publicOnes.size() <= MOST && privateOnes.size() <= MOST;
  }

  /** Those of a cluster whose policies are these. */
  static OutsideAddresses of(ClusterView view, Stream<Policy> policies) {
    TreeSet<IpAddress> candidates = new TreeSet<>();
    candidates.add(SOME_PUBLIC);
    Stream.concat(PRIVATE.stream(), policies.flatMap(OutsideAddresses::prefixes))
        .filter(prefix -> prefix.family() == IpFamily.IPV4)
        .forEach(prefix -> {
          candidates.add(prefix.address());
          if (!prefix.last().equals(Cidr.all(IpFamily.IPV4).last())) {
            candidates.add(prefix.last().next());
          }
        });
    // Records name these otherwise than as an outside network.
    List<Cidr> taken = new ArrayList<>();
    view.ofKind(Kind.NETWORK_SET).forEach(set -> taken.addAll(nets(set)));
    view.ofKind(Kind.GLOBAL_NETWORK_SET).forEach(set -> taken.addAll(nets(set)));
    view.endpoints().forEach(e -> e.addresses().forEach(a -> taken.add(a.toCidr())));
    return new OutsideAddresses(candidates, taken);
  }

  static List<Cidr> nets(Resource set) {
    return switch (set) {
      case NetworkSet namespaced -> namespaced.nets();
      case GlobalNetworkSet global -> global.nets();
      default -> List.of();
    };
  }

  private static Stream<Cidr> prefixes(Policy policy) {
    return Stream.concat(policy.ingress().stream(), policy.egress().stream())
        .flatMap((MatchRule rule) -> Stream.of(rule.source(), rule.destination()))
        .flatMap((Side side) -> Stream.concat(side.nets().stream(), side.notNets().stream()));
  }

  /** One address of each group of the public or the private network. */
  List<IpAddress> of(FlowPeer network) {
    List<IpAddress> all = network.name().equals(FlowPeer.PRIVATE) ? privateOnes : publicOnes;
    return all.subList(0, Math.min(MOST, all.size()));
  }

  /** Whether there is one of every group. */
  boolean complete() {
    return complete;
  }
}
