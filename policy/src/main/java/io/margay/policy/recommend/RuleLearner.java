package io.margay.policy.recommend;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of one subject in one direction. */
final class RuleLearner {
  /**
   * More ports than this between two ends, with one protocol, are no service but a scan, or a
   * protocol with ports of its own choosing: either way no list of ports would say what is meant.
   */
  static final int MOST_PORTS = 32;

  /** More workloads of its namespace than this in one rule become the whole namespace. */
  static final int MOST_WORKLOADS = 20;

  /** More rules than this nobody reads: what scans of many sources at many ports would leave. */
  static final int MOST_RULES = 100;

  /** The ICMP messages by which a ping starts; all that follows belongs to its connection. */
  private static final int ECHO_REQUEST = 8;

  private static final int ECHO_REQUEST_V6 = 128;

  private final Subject subject;
  private final boolean ingress;
  private final Addresses addresses;
  private final boolean passOwn;
  private final Map<String, String> annotations;
  private final SortedSet<String> notes = new TreeSet<>();
  private final SortedMap<Far, SortedMap<Protocol, BitSet>> seen = new TreeMap<>();

  /**
   * Learns for one subject.
   *
   * @param passOwn whether traffic with the subject's namespace is left to later tiers
   * @param annotations which tell a learned rule from others
   */
  RuleLearner(
      Subject subject,
      boolean ingress,
      Addresses addresses,
      boolean passOwn,
      Map<String, String> annotations) {
    this.subject = subject;
    this.ingress = ingress;
    this.addresses = addresses;
    this.passOwn = passOwn;
    this.annotations = annotations;
  }

  /**
   * What was learned.
   *
   * @param rules enough for the traffic that was seen, always in the same order
   * @param notes what they leave out or make wider
   */
  record Learned(List<Rule> rules, SortedSet<String> notes) {}

  void see(Peer peer, Protocol protocol, int port) {
    if (passOwn && peer instanceof Peer.Workload other && isOwn(other)) {
      return;
    }
    for (Far far : fars(peer, protocol)) {
      BitSet ports =
          seen.computeIfAbsent(far, _ -> new TreeMap<>())
              .computeIfAbsent(protocol, _ -> new BitSet());
      if (protocol.hasPorts()) {
        ports.set(port);
      }
    }
  }

  private boolean isOwn(Peer.Workload other) {
    return other.namespace().equals(subject.namespace());
  }

  private List<Far> fars(Peer peer, Protocol protocol) {
    return switch (peer) {
      case Peer.Workload workload -> List.of(workload(workload));
      case Peer.NetworkSet set -> networkSet(set);
      case Peer.Host host ->
          addresses(host.isPrivate() ? Far.Kind.PRIVATE : Far.Kind.PUBLIC, protocol);
      case Peer.PrivateAddress() -> addresses(Far.Kind.PRIVATE, protocol);
      case Peer.PublicAddress() -> addresses(Far.Kind.PUBLIC, protocol);
    };
  }

  private Far workload(Peer.Workload workload) {
    if (!subject.isWorkload() || !isOwn(workload)) {
      return Far.namespace(workload.namespace());
    }
    if (workload.labels().isEmpty()) {
      notes.add(
          "%s/%s: no labels tell it apart, so rules for it are for all of its namespace"
              .formatted(workload.namespace(), workload.name()));
      return Far.namespace(workload.namespace());
    }
    return new Far(
        Far.Kind.WORKLOAD, workload.namespace(), workload.name(), workload.labels(), null);
  }

  private List<Far> networkSet(Peer.NetworkSet set) {
    Far far = new Far(Far.Kind.NETWORK_SET, set.namespace(), set.name(), set.labels(), null);
    if (set.labels().isEmpty()) {
      notes.add(far + ": it has no labels, so no rule can select it: left out");
      return List.of();
    }
    return List.of(far);
  }

  /** Records do not tell the version of IP, and a rule names addresses of one. */
  private List<Far> addresses(Far.Kind kind, Protocol protocol) {
    return addresses.families(protocol).stream()
        .map(family -> Far.addresses(kind, family))
        .toList();
  }

  /** The far ends of one rule: alike in kind, protocol and ports. */
  private record Group(Far.Kind kind, Protocol protocol, List<PortRange> ports, String apart) {
    static final Comparator<Group> ORDER =
        Comparator.comparing(Group::kind)
            .thenComparing(Group::protocol)
            .thenComparing(group -> group.ports().toString())
            .thenComparing(Group::apart);
  }

  Learned rules() {
    SortedMap<Group, SortedSet<Far>> groups = groups();
    List<Rule> rules = new ArrayList<>();
    if (passOwn) {
      rules.add(passOwn());
    }
    for (Map.Entry<Group, SortedSet<Far>> group : groups.entrySet()) {
      if (rules.size() == MOST_RULES + (passOwn ? 1 : 0)) {
        notes.add(
            "%d more rules %s others would be needed: left out (at most %d)"
                .formatted(groups.size() - MOST_RULES, ingress ? "from" : "to", MOST_RULES));
        break;
      }
      rules.add(rule(group.getKey(), group.getValue()));
    }
    return new Learned(rules, notes);
  }

  private Rule passOwn() {
    EntityRule own =
        side(
            null,
            List.of(),
            List.of(),
            Far.namespaces(List.of(Far.namespace(subject.namespace()))),
            List.of());
    return new Rule(
        RuleAction.PASS,
        null,
        null,
        null,
        null,
        null,
        ingress ? own : EntityRule.ANY,
        ingress ? EntityRule.ANY : own,
        null,
        annotations,
        null);
  }

  private SortedMap<Group, SortedSet<Far>> groups() {
    SortedMap<Group, SortedSet<Far>> groups = new TreeMap<>(Group.ORDER);
    SortedMap<Protocol, SortedMap<Far, BitSet>> toWorkloads = new TreeMap<>();
    SortedMap<Protocol, SortedMap<Far, BitSet>> scans = new TreeMap<>();
    seen.forEach((far, protocols) ->
        protocols.forEach((protocol, ports) -> {
          if (ports.cardinality() > MOST_PORTS) {
            scans.computeIfAbsent(protocol, _ -> new TreeMap<>()).put(far, ports);
          } else if (!ingress && far.kind() == Far.Kind.WORKLOAD) {
            toWorkloads.computeIfAbsent(protocol, _ -> new TreeMap<>()).put(far, ports);
          } else {
            Group group =
                new Group(far.kind(), protocol, ranges(ports), far.joins() ? "" : far.toString());
            groups.computeIfAbsent(group, _ -> new TreeSet<>()).add(far);
          }
        }));
    toWorkloads.forEach((protocol, fars) -> out(protocol, fars, groups));
    scans.forEach((protocol, fars) -> notes.add(tooMany(protocol, fars)));
    return groups;
  }

  /**
   * One rule out to the workloads of the namespace is enough: which of them may be reached at which
   * port is said, exactly, by the rules into each. Only if their ports are too many for one rule
   * there are several.
   */
  private static void out(
      Protocol protocol, SortedMap<Far, BitSet> fars, SortedMap<Group, SortedSet<Far>> groups) {
    BitSet all = union(fars);
    boolean one = all.cardinality() <= MOST_PORTS;
    fars.forEach((far, ports) -> {
      Group group = new Group(Far.Kind.WORKLOAD, protocol, ranges(one ? all : ports), "");
      groups.computeIfAbsent(group, _ -> new TreeSet<>()).add(far);
    });
  }

  private static BitSet union(Map<Far, BitSet> fars) {
    BitSet all = new BitSet();
    fars.values().forEach(all::or);
    return all;
  }

  private String tooMany(Protocol protocol, SortedMap<Far, BitSet> fars) {
    String others = fars.size() == 1 ? "" : " and " + (fars.size() - 1) + " others";
    BitSet ports = union(fars);
    return "%s at %d ports of %s, %d to %d, looks like a scan: no rule for it (at most %d)"
        .formatted(
            (ingress ? "from " : "to ") + fars.firstKey() + others,
            ports.cardinality(),
            protocol,
            ports.nextSetBit(0),
            ports.length() - 1,
            MOST_PORTS);
  }

  private static List<PortRange> ranges(BitSet ports) {
    List<PortRange> ranges = new ArrayList<>();
    for (int first = ports.nextSetBit(0); first >= 0; ) {
      int end = ports.nextClearBit(first);
      ranges.add(new PortRange(first, end - 1));
      first = ports.nextSetBit(end);
    }
    return ranges;
  }

  private Rule rule(Group group, SortedSet<Far> fars) {
    List<PortMatch> ports = group.ports().stream().<PortMatch>map(PortMatch.Numeric::new).toList();
    EntityRule far = side(fars, ingress ? List.of() : ports);
    EntityRule near = side(null, List.of(), List.of(), null, ingress ? ports : List.of());
    return new Rule(
        RuleAction.ALLOW,
        null,
        group.protocol(),
        null,
        icmp(group.protocol()),
        null,
        ingress ? far : near,
        ingress ? near : far,
        null,
        annotations,
        null);
  }

  /** Records keep no ICMP types; a rule without one would also allow redirects. */
  private Rule.@Nullable IcmpMatch icmp(Protocol protocol) {
    if (!protocol.isIcmp()) {
      return null;
    }
    notes.add("of " + protocol + " only echo requests are allowed: records keep no types");
    return new Rule.IcmpMatch(
        protocol.equals(Protocol.ICMP) ? ECHO_REQUEST : ECHO_REQUEST_V6, null);
  }

  private EntityRule side(SortedSet<Far> fars, List<PortMatch> ports) {
    Far first = fars.first();
    return switch (first.kind()) {
      case WORKLOAD -> {
        if (fars.size() > MOST_WORKLOADS) {
          notes.add(
              "%s %d workloads of its namespace at once: the rule is for all of it (at most %d)"
                  .formatted(ingress ? "from" : "to", fars.size(), MOST_WORKLOADS));
          yield side(Selector.all(), List.of(), List.of(), null, ports);
        }
        yield side(Far.anyOf(fars), List.of(), List.of(), null, ports);
      }
      case NAMESPACE -> side(null, List.of(), List.of(), Far.namespaces(fars), ports);
      case NETWORK_SET ->
          side(
              Far.allOf(first.labels()),
              List.of(),
              List.of(),
              first.namespace().isEmpty()
                  ? Selector.parse("global()")
                  : Far.namespaces(List.of(Far.namespace(first.namespace()))),
              ports);
      case PRIVATE -> {
        IpFamily family = Objects.requireNonNull(first.family());
        List<Cidr> pods = addresses.podNets(family);
        if (pods.isEmpty()) {
          notes.add(
              "no IPPool of IPv%d says where pods are: the rule for private addresses is for pods too"
                  .formatted(family.version()));
        }
        yield side(null, addresses.privateNets(family), pods, null, ports);
      }
      case PUBLIC -> {
        IpFamily family = Objects.requireNonNull(first.family());
        List<Cidr> rest = new ArrayList<>(addresses.privateNets(family));
        rest.addAll(addresses.podNets(family));
        yield side(null, List.of(), rest, null, ports);
      }
    };
  }

  private static EntityRule side(
      @Nullable Selector selector,
      List<Cidr> nets,
      List<Cidr> notNets,
      @Nullable Selector namespaces,
      List<PortMatch> ports) {
    return new EntityRule(nets, notNets, selector, null, namespaces, ports, List.of(), null, null);
  }
}
