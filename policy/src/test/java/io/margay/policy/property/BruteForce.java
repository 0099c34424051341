package io.margay.policy.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.model.assertion.Assertion;
import io.margay.model.assertion.Assertion.Claim;
import io.margay.model.assertion.Peers;
import io.margay.model.assertion.Traffic;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.convert.EffectiveSelectors;
import io.margay.policy.proof.Proof;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Walks all packets: between every pair of addresses that can mean something, with every port at
 * which a random rule or assertion can begin or end.
 */
final class BruteForce {
  /** At each of them a random rule or assertion may begin or end to match. */
  private static final int[] PORTS = {0, 1, 53, 54, 79, 80, 81, 82, 443, 444, 8080, 8081, 40_000};

  private static final int CLIENT_PORT = 40_000;

  /** A prefix in which so many stretches in a row are taken counts as full. */
  private static final int MOST_OWNED = 100;

  /** Where a random rule or assertion tells ICMP messages apart. */
  private static final int[] TYPES = {0, 1, 3, 4, 8, 9};

  private static final int[] CODES = {0, 1, 2, 255};

  final Collection<Resource> resources;
  final NaiveEvaluator naive;
  final NaiveCluster cluster;
  final int[] ports;
  final int[] sourcePorts;
  final boolean icmpTypes;
  final List<Spot> spots;
  final Map<Pair, BitSet> verdicts = new HashMap<>();

  record Pair(Spot from, Spot to) {}

  /** One address of an endpoint, or one that nobody has. */
  record Spot(@Nullable Resource endpoint, IpAddress address) {}

  /** Tries wherever a random rule or assertion can begin or end. */
  BruteForce(Collection<Resource> resources) {
    this(resources, PORTS, drawn(resources), true);
  }

  /** Tries wherever something that is mentioned begins or ends. */
  BruteForce(Collection<Resource> resources, Mentioned mentioned) {
    this(
        resources,
        Stream.concat(mentioned.numbers.stream(), Stream.of(CLIENT_PORT))
            .mapToInt(Integer::intValue)
            .distinct()
            .toArray(),
        mentioned.prefixes,
        mentioned.icmpTypes);
  }

  private BruteForce(
      Collection<Resource> resources, int[] ports, Set<Cidr> prefixes, boolean icmpTypes) {
    this.resources = resources;
    this.ports = ports;
    this.icmpTypes = icmpTypes;
    this.naive = new NaiveEvaluator(resources);
    this.cluster = new NaiveCluster(resources);
    boolean asksSource = resources.stream().anyMatch(BruteForce::asksSource);
    this.sourcePorts = asksSource ? ports : new int[] {CLIENT_PORT};
    this.spots = spots(prefixes);
  }

  private static Set<Cidr> drawn(Collection<Resource> resources) {
    Set<Cidr> prefixes = new LinkedHashSet<>();
    RandomPolicies.NETS.forEach(net -> prefixes.add(Cidr.parse(net)));
    ProofPropertyTest.PREFIXES.forEach(net -> prefixes.add(Cidr.parse(net)));
    resources.forEach(resource -> prefixes.addAll(nets(resource)));
    return prefixes;
  }

  /** Whether a rule asks for source ports; most clusters have none, and none of the others may. */
  private static boolean asksSource(Resource resource) {
    CalicoPolicySpec spec =
        switch (resource) {
          case NetworkPolicy policy -> policy.spec();
          case GlobalNetworkPolicy policy -> policy.spec();
          case StagedNetworkPolicy policy -> policy.spec();
          case StagedGlobalNetworkPolicy policy -> policy.spec();
          default -> null;
        };
    return spec != null
        && Stream.concat(spec.ingress().stream(), spec.egress().stream())
            .anyMatch(
                rule -> !rule.source().ports().isEmpty() || !rule.source().notPorts().isEmpty());
  }

  @Nullable Packet counterexample(Assertion assertion) {
    boolean excluded = assertion.claim() != Claim.ALWAYS;
    for (Spot from : spots) {
      for (Spot to : spots) {
        if (concerns(assertion, from, to)) {
          List<Packet> packets = packets(from.address(), to.address());
          BitSet allowed = allowed(from, to, packets);
          for (int i = 0; i < packets.size(); i++) {
            if (allowed.get(i) == excluded && covers(assertion.traffic(), packets.get(i))) {
              return packets.get(i);
            }
          }
        }
      }
    }
    return null;
  }

  /** Which of all the packets between two addresses are allowed. */
  BitSet allowed(Spot from, Spot to, List<Packet> packets) {
    return verdicts.computeIfAbsent(
        new Pair(from, to),
        pair -> {
          BitSet allowed = new BitSet();
          for (int i = 0; i < packets.size(); i++) {
            allowed.set(i, allowed(from, to, packets.get(i)));
          }
          return allowed;
        });
  }

  /** That the counterexample which the prover gives is one. */
  void check(Assertion assertion, Proof.Counterexample found, String where) {
    Packet packet = found.decision().packet();
    Spot from = spot(found.from().endpoint(), packet.source());
    Spot to = spot(found.to().endpoint(), packet.destination());
    assertThat(concerns(assertion, from, to)).as(where + ": " + packet).isTrue();
    boolean allowed = allowed(from, to, packet);
    assertThat(allowed).as(where + ": " + packet).isEqualTo(assertion.claim() != Claim.ALWAYS);
    assertThat(found.decision().enforced().verdict())
        .as(where)
        .isEqualTo(allowed ? Verdict.ALLOW : Verdict.DENY);
  }

  private Spot spot(@Nullable EndpointId endpoint, IpAddress address) {
    if (endpoint == null) {
      assertThat(owned()).doesNotContain(address);
      return new Spot(null, address);
    }
    return naive.endpoints().stream()
        .filter(r -> EnginePropertyTest.id(r).equals(endpoint))
        .map(r -> new Spot(r, address))
        .findFirst()
        .orElseThrow();
  }

  private Set<IpAddress> owned() {
    Set<IpAddress> owned = new LinkedHashSet<>();
    naive.endpoints().forEach(endpoint -> owned.addAll(addresses(endpoint)));
    return owned;
  }

  /** All endpoints, and of the other addresses one wherever something begins or ends. */
  private List<Spot> spots(Set<Cidr> mentioned) {
    List<Spot> spots = new ArrayList<>();
    for (Resource endpoint : naive.endpoints()) {
      addresses(endpoint).forEach(address -> spots.add(new Spot(endpoint, address)));
    }
    Set<Cidr> prefixes = new LinkedHashSet<>();
    cluster.addresses().forEach(address -> prefixes.add(address.toCidr()));
    prefixes.addAll(mentioned);
    Set<IpAddress> owned = owned();
    Set<IpAddress> others = new LinkedHashSet<>();
    for (Cidr prefix : prefixes) {
      IpAddress other = unowned(prefix, owned, prefixes);
      if (other != null) {
        others.add(other);
      }
    }
    others.forEach(address -> spots.add(new Spot(null, address)));
    return spots;
  }

  /** An address that nobody has and that belongs to no longer prefix; null if there is none. */
  private static @Nullable IpAddress unowned(Cidr prefix, Set<IpAddress> owned, Set<Cidr> all) {
    IpAddress address = prefix.address();
    for (int i = 0; i < MOST_OWNED && prefix.contains(address); i++) {
      IpAddress tried = address;
      Cidr longer =
          all.stream()
              .filter(other -> other.prefixLength() > prefix.prefixLength())
              .filter(other -> other.contains(tried))
              .min(Comparator.comparing(Cidr::prefixLength))
              .orElse(null);
      if (longer == null && !owned.contains(tried)) {
        return tried;
      }
      address = longer == null ? tried.next() : longer.last().next();
    }
    return null;
  }

  private static List<Cidr> nets(Resource resource) {
    return switch (resource) {
      case NetworkSet set -> set.nets();
      case GlobalNetworkSet set -> set.nets();
      default -> List.of();
    };
  }

  private static List<IpAddress> addresses(Resource endpoint) {
    return switch (endpoint) {
      case Pod pod -> pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
      case HostEndpoint host -> host.spec().expectedIPs();
      default -> List.of();
    };
  }

  private boolean concerns(Assertion assertion, Spot from, Spot to) {
    boolean cluster = from.endpoint() != null || to.endpoint() != null;
    boolean same = from.endpoint() != null && from.endpoint().equals(to.endpoint());
    boolean source = assertion.from().stream().anyMatch(peers -> names(peers, from));
    return cluster
        && !same
        && from.address().family() == to.address().family()
        && source == (assertion.claim() != Claim.ONLY)
        && assertion.to().stream().anyMatch(peers -> names(peers, to));
  }

  private boolean names(Peers peers, Spot spot) {
    return switch (peers) {
      case Peers.Anybody() -> true;
      case Peers.Outside() -> spot.endpoint() == null;
      case Peers.Within(Cidr cidr) -> cidr.contains(spot.address());
      case Peers.Selected selected ->
          (spot.endpoint() != null && matches(selected, spot.endpoint()))
              || resources.stream()
                  .anyMatch(set ->
                      NaiveCluster.contains(nets(set), spot.address()) && matches(selected, set));
    };
  }

  private boolean matches(Peers.Selected selected, Resource resource) {
    return (selected.namespaces() == null
            || cluster.matches(EffectiveSelectors.namespaces(selected.namespaces()), resource))
        && (selected.selector() == null || cluster.matches(selected.selector(), resource));
  }

  List<Packet> packets(IpAddress from, IpAddress to) {
    List<Packet> packets = new ArrayList<>();
    for (Protocol protocol : List.of(Protocol.TCP, Protocol.UDP, Protocol.SCTP)) {
      for (int port : ports) {
        for (int source : sourcePorts) {
          packets.add(new Packet(from, to, protocol, source, port));
        }
      }
    }
    for (int type : icmpTypes ? TYPES : new int[] {8}) {
      for (int code : icmpTypes ? CODES : new int[] {0}) {
        packets.add(Packet.icmp(from, to, type, code));
      }
    }
    for (int number : new int[] {Protocol.UDPLITE.number(), 253, 99}) {
      packets.add(new Packet(from, to, new Protocol(number), 0, 0));
    }
    return packets;
  }

  private static boolean covers(Traffic traffic, Packet packet) {
    return traffic.parts().isEmpty()
        || traffic.parts().stream()
            .anyMatch(part ->
                part.protocol().equals(packet.protocol())
                    && part.ports().contains(packet.destinationPort()));
  }

  boolean allowed(Spot from, Spot to, Packet packet) {
    return passes(from, Direction.EGRESS, packet) && passes(to, Direction.INGRESS, packet);
  }

  private boolean passes(Spot spot, Direction direction, Packet packet) {
    if (spot.endpoint() == null) {
      return true;
    }
    for (Stage stage : List.of(Stage.UNTRACKED, Stage.PRE_DNAT, Stage.NORMAL)) {
      Outcome outcome = naive.decide(spot.endpoint(), direction, stage, packet);
      if (outcome != null && outcome.verdict() != Verdict.CONTINUE) {
        return outcome.verdict() == Verdict.ALLOW;
      }
    }
    return true;
  }
}
