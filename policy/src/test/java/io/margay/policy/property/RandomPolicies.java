package io.margay.policy.property;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.StagedAction;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Draws policies of every kind, and rules with every kind of match. */
final class RandomPolicies {
  static final List<String> NETS =
      List.of(
          "0.0.0.0/0",
          "10.0.0.0/8",
          "10.0.0.0/24",
          "10.0.0.0/30",
          "10.0.0.2/31",
          "10.0.0.5/32",
          "172.16.0.0/16",
          "192.0.2.0/24",
          "::/0",
          "fd00::/64",
          "fd00::2/127");

  private final Random random;

  RandomPolicies(Random random) {
    this.random = random;
  }

  Resource policy() {
    String name = pick("p1", "p2", "p3");
    String namespace = pick("a", "b");
    ObjectMeta global = ObjectMeta.of("", name, Map.of());
    ObjectMeta local = ObjectMeta.of(namespace, name, Map.of());
    return switch (random.nextInt(9)) {
      case 0, 1 -> new NetworkPolicy(local, spec(namespace, false));
      case 2, 3 -> new GlobalNetworkPolicy(global, spec("", false));
      case 4 -> new StagedNetworkPolicy(local, spec(namespace, true));
      case 5 -> new StagedGlobalNetworkPolicy(global, spec("", true));
      case 6 -> new KubernetesNetworkPolicy(local, kubernetes());
      case 7 ->
          new StagedKubernetesNetworkPolicy(
              local, pick(StagedAction.SET, StagedAction.DELETE), kubernetes());
      default -> new ClusterNetworkPolicy(global, cluster());
    };
  }

  // --- Calico ---

  private CalicoPolicySpec spec(String namespace, boolean staged) {
    boolean global = namespace.isEmpty();
    int hostUse = global ? random.nextInt(8) : 7;
    boolean preDnat = hostUse == 1;
    List<PolicyType> types =
        preDnat
            ? List.of(PolicyType.INGRESS)
            : pick(
                List.of(PolicyType.INGRESS),
                List.of(PolicyType.EGRESS),
                List.of(PolicyType.INGRESS, PolicyType.EGRESS));
    return new CalicoPolicySpec(
        pick("default", "t1", "t2"),
        random.nextInt(3) == 0 ? null : (double) random.nextInt(3),
        maybeAll(),
        random.nextInt(6) == 0 ? maybeAll() : null,
        global && random.nextInt(4) == 0 ? maybeAll() : null,
        types,
        rules(namespace, true),
        preDnat ? List.of() : rules(namespace, false),
        hostUse == 0,
        preDnat,
        hostUse <= 3,
        staged ? pick(StagedAction.SET, StagedAction.LEARN, StagedAction.DELETE) : null,
        null);
  }

  List<Rule> rules(String namespace, boolean ingress) {
    List<Rule> rules = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      rules.add(rule(namespace, ingress));
    }
    return rules;
  }

  private Rule rule(String namespace, boolean ingress) {
    boolean icmp = random.nextInt(6) == 0;
    boolean ports = !icmp && random.nextInt(2) == 0;
    Protocol protocol =
        icmp
            ? pick(Protocol.ICMP, Protocol.ICMPV6)
            : ports
                ? pick(Protocol.TCP, Protocol.UDP, Protocol.SCTP, null)
                : pick(null, null, Protocol.TCP, new Protocol(253));
    return new Rule(
        pick(RuleAction.ALLOW, RuleAction.ALLOW, RuleAction.DENY, RuleAction.PASS, RuleAction.LOG),
        random.nextInt(8) == 0 ? pick(IpFamily.IPV4, IpFamily.IPV6) : null,
        protocol,
        random.nextInt(8) == 0 ? pick(Protocol.UDP, new Protocol(253)) : null,
        icmp && random.nextBoolean() ? icmp() : null,
        random.nextInt(10) == 0 ? icmp() : null,
        entity(namespace, ports, ingress, false),
        entity(namespace, ports, !ingress, true),
        null,
        Map.of(),
        random.nextInt(30) == 0 ? "unreadable" : null);
  }

  private Rule.IcmpMatch icmp() {
    return new Rule.IcmpMatch(pick(0, 3, 8), random.nextBoolean() ? null : pick(0, 1, 255));
  }

  private EntityRule entity(String namespace, boolean ports, boolean far, boolean destination) {
    if (!far && random.nextInt(4) > 0) {
      return ports && destination ? withPorts(EntityRule.ANY) : EntityRule.ANY;
    }
    if (random.nextInt(8) == 0) {
      String of = namespace.isEmpty() || random.nextBoolean() ? pick("a", "b") : "";
      return new EntityRule(
          List.of(),
          List.of(),
          null,
          null,
          null,
          List.of(),
          List.of(),
          null,
          new EntityRule.ServiceMatch(pick("svc1", "svc2"), of));
    }
    EntityRule entity =
        new EntityRule(
            random.nextInt(4) == 0 ? nets(1 + random.nextInt(2)) : List.of(),
            random.nextInt(5) == 0 ? nets(1 + random.nextInt(2)) : List.of(),
            random.nextInt(2) == 0 ? maybeAll() : null,
            random.nextInt(5) == 0 ? selector() : null,
            random.nextInt(5) == 0 ? namespaceSelector() : null,
            List.of(),
            List.of(),
            random.nextInt(8) == 0 ? serviceAccounts() : null,
            null);
    return ports && (destination || random.nextInt(3) == 0) ? withPorts(entity) : entity;
  }

  private EntityRule withPorts(EntityRule entity) {
    boolean negated = random.nextInt(4) == 0;
    return new EntityRule(
        entity.nets(),
        entity.notNets(),
        entity.selector(),
        entity.notSelector(),
        entity.namespaceSelector(),
        negated ? List.of() : ports(),
        negated ? ports() : List.of(),
        entity.serviceAccounts(),
        entity.services());
  }

  private List<PortMatch> ports() {
    List<PortMatch> ports = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      ports.add(
          switch (random.nextInt(4)) {
            case 0 -> new PortMatch.Numeric(PortRange.of(pick(80, 53, 8080)));
            case 1 -> new PortMatch.Numeric(new PortRange(pick(0, 80), pick(81, 8080, 65535)));
            default -> new PortMatch.Named(pick("http", "dns"));
          });
    }
    return ports;
  }

  private EntityRule.ServiceAccountMatch serviceAccounts() {
    return new EntityRule.ServiceAccountMatch(
        random.nextBoolean() ? List.of() : List.of("sa"), random.nextBoolean() ? null : selector());
  }

  List<Cidr> nets(int count) {
    List<Cidr> nets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nets.add(Cidr.parse(NETS.get(random.nextInt(NETS.size()))));
    }
    return nets;
  }

  private Selector namespaceSelector() {
    return random.nextInt(3) == 0 ? Selector.parse(pick("all()", "global()")) : selector();
  }

  private Selector maybeAll() {
    return random.nextInt(3) == 0 ? Selector.all() : selector();
  }

  private Selector selector() {
    String key = pick("app", "tier", "env");
    String term =
        switch (random.nextInt(8)) {
          case 0 -> "has(" + key + ")";
          case 1 -> "!has(" + key + ")";
          case 2 -> key + " != 'x'";
          case 3 -> key + " in {'x', 'y'}";
          case 4 -> key + " not in {'y'}";
          case 5 -> key + " starts with 'x'";
          default -> key + " == '" + pick("x", "y") + "'";
        };
    return switch (random.nextInt(6)) {
      case 0 -> Selector.parse(term + " && has(env)");
      case 1 -> Selector.parse(term + " || tier == 'y'");
      default -> Selector.parse(term);
    };
  }

  // --- Kubernetes ---

  private LabelSelector labelSelector() {
    String key = pick("app", "tier", "env");
    return switch (random.nextInt(6)) {
      case 0, 1 -> new LabelSelector(Map.of(), List.of());
      case 2 ->
          new LabelSelector(
              Map.of(),
              List.of(new LabelSelector.Requirement(key, pick("In", "NotIn"), List.of("x", "xy"))));
      case 3 ->
          new LabelSelector(
              Map.of(),
              List.of(
                  new LabelSelector.Requirement(key, pick("Exists", "DoesNotExist"), List.of())));
      default -> new LabelSelector(Map.of(key, pick("x", "y")), List.of());
    };
  }

  private KubernetesNetworkPolicy.Spec kubernetes() {
    return new KubernetesNetworkPolicy.Spec(
        random.nextInt(5) == 0 ? null : labelSelector(),
        kubernetesRules(),
        kubernetesRules(),
        pick(
            List.of(PolicyType.INGRESS),
            List.of(PolicyType.EGRESS),
            List.of(PolicyType.INGRESS, PolicyType.EGRESS)));
  }

  private List<KubernetesNetworkPolicy.PolicyRule> kubernetesRules() {
    List<KubernetesNetworkPolicy.PolicyRule> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<KubernetesNetworkPolicy.Peer> peers = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        peers.add(peer());
      }
      List<KubernetesNetworkPolicy.Port> ports = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        ports.add(port());
      }
      rules.add(new KubernetesNetworkPolicy.PolicyRule(peers, ports));
    }
    return rules;
  }

  private KubernetesNetworkPolicy.Peer peer() {
    return switch (random.nextInt(4)) {
      case 0 -> new KubernetesNetworkPolicy.Peer(labelSelector(), null, null, null);
      case 1 -> new KubernetesNetworkPolicy.Peer(null, labelSelector(), null, null);
      case 2 -> new KubernetesNetworkPolicy.Peer(labelSelector(), labelSelector(), null, null);
      default ->
          new KubernetesNetworkPolicy.Peer(
              null,
              null,
              new KubernetesNetworkPolicy.IpBlock(
                  Cidr.parse("10.0.0.0/24"),
                  random.nextBoolean() ? List.of() : List.of(Cidr.parse("10.0.0.4/30"))),
              null);
    };
  }

  private KubernetesNetworkPolicy.Port port() {
    Protocol protocol = pick(Protocol.TCP, Protocol.UDP, Protocol.SCTP);
    return switch (random.nextInt(4)) {
      case 0 -> new KubernetesNetworkPolicy.Port(protocol, null, null, null);
      case 1 -> new KubernetesNetworkPolicy.Port(protocol, pick("http", "dns"), null, null);
      case 2 -> new KubernetesNetworkPolicy.Port(protocol, "80", 8080, null);
      default -> new KubernetesNetworkPolicy.Port(protocol, pick("53", "443"), null, null);
    };
  }

  private ClusterNetworkPolicy.Spec cluster() {
    ClusterNetworkPolicy.Subject subject =
        random.nextBoolean()
            ? new ClusterNetworkPolicy.Subject(labelSelector(), null)
            : new ClusterNetworkPolicy.Subject(
                null, new ClusterNetworkPolicy.PodSelection(labelSelector(), labelSelector()));
    return new ClusterNetworkPolicy.Spec(
        pick(ClusterNetworkPolicy.AdminTier.ADMIN, ClusterNetworkPolicy.AdminTier.BASELINE),
        random.nextInt(3),
        subject,
        clusterRules(),
        clusterRules());
  }

  private List<ClusterNetworkPolicy.PolicyRule> clusterRules() {
    List<ClusterNetworkPolicy.PolicyRule> rules = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      List<ClusterNetworkPolicy.Peer> peers = new ArrayList<>();
      for (int j = 1 + random.nextInt(2); j > 0; j--) {
        peers.add(clusterPeer());
      }
      List<ClusterNetworkPolicy.ProtocolMatch> protocols = new ArrayList<>();
      for (int j = random.nextInt(3); j > 0; j--) {
        protocols.add(
            random.nextInt(3) == 0
                ? new ClusterNetworkPolicy.ProtocolMatch.NamedPort(pick("http", "dns"))
                : new ClusterNetworkPolicy.ProtocolMatch.Ports(
                    pick(Protocol.TCP, Protocol.UDP),
                    pick(null, PortRange.of(80), new PortRange(53, 8080))));
      }
      rules.add(
          new ClusterNetworkPolicy.PolicyRule(
              "r" + i,
              pick(
                  ClusterNetworkPolicy.Action.ACCEPT,
                  ClusterNetworkPolicy.Action.DENY,
                  ClusterNetworkPolicy.Action.PASS),
              peers,
              protocols));
    }
    return rules;
  }

  private ClusterNetworkPolicy.Peer clusterPeer() {
    return switch (random.nextInt(10)) {
      case 0 -> new ClusterNetworkPolicy.Peer.Unknown("futurePeer is unknown");
      case 1 -> new ClusterNetworkPolicy.Peer.DomainNames(List.of("example.org"));
      case 2, 3 -> new ClusterNetworkPolicy.Peer.Nodes(labelSelector());
      case 4, 5 -> new ClusterNetworkPolicy.Peer.Networks(nets(2));
      case 6, 7 -> new ClusterNetworkPolicy.Peer.Namespaces(labelSelector());
      default ->
          new ClusterNetworkPolicy.Peer.Pods(
              new ClusterNetworkPolicy.PodSelection(labelSelector(), labelSelector()));
    };
  }

  @SafeVarargs
  private <T> T pick(T... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
