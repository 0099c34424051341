package io.margay.policy.property;

import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.Pod;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.resource.StagedAction;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import io.margay.model.verdict.Stage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The policies of all APIs, each with its own reading of whom and what it matches. */
final class NaivePolicies {
  private final NaiveCluster cluster;

  record NaiveRule(int index, RuleAction action, Predicate<Packet> condition) {
    boolean matches(Packet packet) {
      return condition.test(packet);
    }
  }

  record NaivePolicy(
      PolicyRef ref,
      Double order,
      Predicate<Map<String, String>> subject,
      Set<Direction> directions,
      Set<Stage> stages,
      List<NaiveRule> ingress,
      List<NaiveRule> egress) {
    boolean governs(Direction direction) {
      return directions.contains(direction);
    }

    boolean judgesAt(Stage stage) {
      return stages.contains(stage);
    }

    boolean selects(Map<String, String> labels) {
      return subject.test(labels);
    }

    List<NaiveRule> rules(Direction direction) {
      return direction == Direction.INGRESS ? ingress : egress;
    }
  }

  private NaivePolicies(NaiveCluster cluster) {
    this.cluster = cluster;
  }

  static List<NaivePolicy> of(Collection<Resource> resources, NaiveCluster cluster) {
    NaivePolicies reader = new NaivePolicies(cluster);
    List<NaivePolicy> policies = new ArrayList<>();
    for (Resource resource : resources) {
      switch (resource) {
        case NetworkPolicy p ->
            policies.add(reader.calico(p, PolicyKind.CALICO_NETWORK_POLICY, p.spec()));
        case GlobalNetworkPolicy p ->
            policies.add(reader.calico(p, PolicyKind.GLOBAL_NETWORK_POLICY, p.spec()));
        case StagedNetworkPolicy p when p.spec().stagedAction() != StagedAction.DELETE ->
            policies.add(reader.calico(p, PolicyKind.STAGED_NETWORK_POLICY, p.spec()));
        case StagedGlobalNetworkPolicy p when p.spec().stagedAction() != StagedAction.DELETE ->
            policies.add(reader.calico(p, PolicyKind.STAGED_GLOBAL_NETWORK_POLICY, p.spec()));
        case KubernetesNetworkPolicy p ->
            policies.add(reader.kubernetes(p, PolicyKind.NETWORK_POLICY, p.spec()));
        case StagedKubernetesNetworkPolicy p when p.stagedAction() != StagedAction.DELETE ->
            policies.add(
                reader.kubernetes(p, PolicyKind.STAGED_KUBERNETES_NETWORK_POLICY, p.spec()));
        case ClusterNetworkPolicy p -> policies.add(reader.cluster(p));
        default -> {}
      }
    }
    return policies;
  }

  static List<NaiveRule> profileRules(Profile profile, Direction direction, NaiveCluster cluster) {
    return new NaivePolicies(cluster)
        .calicoRules(
            direction == Direction.INGRESS ? profile.spec().ingress() : profile.spec().egress(),
            "");
  }

  // --- Calico ---

  private NaivePolicy calico(Resource policy, PolicyKind kind, CalicoPolicySpec spec) {
    String namespace = policy.metadata().namespace();
    Set<Stage> stages =
        spec.doNotTrack()
            ? Set.of(Stage.UNTRACKED)
            : spec.preDNAT()
                ? Set.of(Stage.PRE_DNAT)
                : spec.applyOnForward()
                    ? Set.of(Stage.NORMAL, Stage.FORWARD)
                    : Set.of(Stage.NORMAL);
    return new NaivePolicy(
        new PolicyRef(kind, spec.tier(), namespace, policy.metadata().name()),
        spec.order(),
        labels -> calicoSubject(spec, namespace, labels),
        directions(spec.types()),
        stages,
        calicoRules(spec.ingress(), namespace),
        calicoRules(spec.egress(), namespace));
  }

  private static Set<Direction> directions(List<PolicyType> types) {
    return Set.copyOf(types.stream().map(t -> Direction.valueOf(t.name())).toList());
  }

  private static boolean calicoSubject(
      CalicoPolicySpec spec, String namespace, Map<String, String> labels) {
    Labels view = Labels.of(labels);
    if (!spec.selector().matches(view)) {
      return false;
    }
    boolean global = namespace.isEmpty();
    if (!global && !namespace.equals(labels.get("projectcalico.org/namespace"))) {
      return false;
    }
    // all() in a global policy that also selects namespaces stands for "in any namespace"; the
    // generated selectors use it only by itself.
    if (spec.namespaceSelector() != null) {
      boolean all =
          spec.selector().equals(Selector.all()) || spec.namespaceSelector().equals(Selector.all());
      if (all && !labels.containsKey("projectcalico.org/namespace")) {
        return false;
      }
      if (!spec.namespaceSelector().withKeyPrefix("pcns.").matches(view)) {
        return false;
      }
    }
    if (spec.serviceAccountSelector() != null) {
      boolean all =
          (spec.namespaceSelector() == null && spec.selector().equals(Selector.all()))
              || spec.serviceAccountSelector().equals(Selector.all());
      if (global && all && !labels.containsKey("projectcalico.org/serviceaccount")) {
        return false;
      }
      return spec.serviceAccountSelector().withKeyPrefix("pcsa.").matches(view);
    }
    return true;
  }

  private List<NaiveRule> calicoRules(List<Rule> rules, String namespace) {
    List<NaiveRule> naive = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      if (rule.unparseable() == null) {
        naive.add(new NaiveRule(i, rule.action(), packet -> calicoRule(rule, namespace, packet)));
      } else if (rule.action() == RuleAction.DENY || rule.action() == RuleAction.PASS) {
        naive.add(new NaiveRule(i, RuleAction.DENY, packet -> true));
      }
    }
    return naive;
  }

  private boolean calicoRule(Rule rule, String namespace, Packet packet) {
    Protocol protocol = packet.protocol();
    return (rule.ipVersion() == null || rule.ipVersion() == packet.family())
        && (rule.protocol() == null || rule.protocol().equals(protocol))
        && (rule.notProtocol() == null || !rule.notProtocol().equals(protocol))
        && (rule.icmp() == null || icmp(rule.icmp(), packet))
        && (rule.notICMP() == null || !icmp(rule.notICMP(), packet))
        && entity(rule.source(), namespace, packet.source(), packet.sourcePort(), packet, false)
        && entity(
            rule.destination(),
            namespace,
            packet.destination(),
            packet.destinationPort(),
            packet,
            true);
  }

  private static boolean icmp(Rule.IcmpMatch match, Packet packet) {
    int number = packet.protocol().number();
    return (number == 1 || number == 58)
        && (match.type() == null || match.type() == packet.destinationPort() / 256)
        && (match.code() == null || match.code() == packet.destinationPort() % 256);
  }

  private boolean entity(
      EntityRule side,
      String namespace,
      IpAddress address,
      int port,
      Packet packet,
      boolean destination) {
    if (!side.nets().isEmpty() && !NaiveCluster.contains(side.nets(), address)) {
      return false;
    }
    if (!side.notNets().isEmpty()
        && (side.notNets().stream().noneMatch(n -> n.family() == address.family())
            || NaiveCluster.contains(side.notNets(), address))) {
      return false;
    }
    boolean positive = hasPositive(side, namespace);
    if (positive && !cluster.anyOwner(address, owner -> selected(side, namespace, owner))) {
      return false;
    }
    if (!positive
        && side.notSelector() != null
        && cluster.anyOwner(address, o -> cluster.matches(side.notSelector(), o))) {
      return false;
    }
    if (side.services() != null) {
      String ns = side.services().namespace().isEmpty() ? namespace : side.services().namespace();
      String name = side.services().name();
      boolean behind =
          destination
              ? cluster.isServicePort(address, ns, name, packet.protocol(), port)
              : cluster.isBehindService(address, ns, name);
      if (!behind) {
        return false;
      }
    }
    return (side.ports().isEmpty() || ports(side, side.ports(), namespace, address, port, packet))
        && (side.notPorts().isEmpty()
            || !ports(side, side.notPorts(), namespace, address, port, packet));
  }

  private static boolean hasServiceAccounts(EntityRule side) {
    return side.serviceAccounts() != null
        && (side.serviceAccounts().selector() != null || !side.serviceAccounts().names().isEmpty());
  }

  private static boolean hasPositive(EntityRule side, String namespace) {
    boolean selects =
        side.selector() != null || side.namespaceSelector() != null || hasServiceAccounts(side);
    return selects || (side.notSelector() != null && !namespace.isEmpty());
  }

  private boolean selected(EntityRule side, String namespace, Resource owner) {
    Map<String, String> labels = cluster.labels(owner);
    Labels view = Labels.of(labels);
    boolean inNamespace = labels.containsKey("projectcalico.org/namespace");
    if (side.namespaceSelector() != null) {
      String text = side.namespaceSelector().canonical();
      boolean matches =
          switch (text) {
            case "all()" -> inNamespace;
            case "global()" -> !inNamespace;
            default -> side.namespaceSelector().withKeyPrefix("pcns.").matches(view);
          };
      if (!matches) {
        return false;
      }
    } else if (!namespace.isEmpty()
        && !namespace.equals(labels.get("projectcalico.org/namespace"))) {
      return false;
    }
    if (hasServiceAccounts(side)) {
      EntityRule.ServiceAccountMatch accounts = side.serviceAccounts();
      if (accounts.selector() != null
          && !accounts.selector().withKeyPrefix("pcsa.").matches(view)) {
        return false;
      }
      if (!accounts.names().isEmpty()
          && !isOneOf(labels.get("projectcalico.org/serviceaccount"), accounts.names())) {
        return false;
      }
    }
    return (side.selector() == null || side.selector().matches(view))
        && (side.notSelector() == null || !side.notSelector().matches(view));
  }

  private boolean ports(
      EntityRule side,
      List<PortMatch> ports,
      String namespace,
      IpAddress address,
      int port,
      Packet packet) {
    int number = packet.protocol().number();
    if (number != 6 && number != 17 && number != 132) {
      return false;
    }
    boolean positive = hasPositive(side, namespace);
    return ports.stream()
        .anyMatch(match ->
            switch (match) {
              case PortMatch.Numeric(var range) -> range.first() <= port && port <= range.last();
              case PortMatch.Named(String name) ->
                  cluster.anyOwner(
                      address,
                      owner ->
                          (!positive || selected(side, namespace, owner))
                              && new NaiveCluster(List.of(owner))
                                  .isNamedPort(
                                      address, Selector.all(), name, packet.protocol(), port));
            });
  }

  // --- Kubernetes ---

  private static boolean labelsMatch(LabelSelector selector, Map<String, String> labels) {
    return selector.matchLabels().entrySet().stream()
            .allMatch(e -> e.getValue().equals(labels.get(e.getKey())))
        && selector.matchExpressions().stream()
            .allMatch(r ->
                switch (r.operator()) {
                  case "In" -> isOneOf(labels.get(r.key()), r.values());
                  case "NotIn" -> !isOneOf(labels.get(r.key()), r.values());
                  case "Exists" -> labels.containsKey(r.key());
                  case "DoesNotExist" -> !labels.containsKey(r.key());
                  default -> throw new IllegalArgumentException(r.operator());
                });
  }

  private static boolean isOneOf(String value, List<String> values) {
    return value != null && values.contains(value);
  }

  private Map<String, String> namespaceLabels(String namespace) {
    Resource found = namespace.isEmpty() ? null : cluster.namespace(namespace);
    return found == null ? Map.of() : found.metadata().labels();
  }

  private NaivePolicy kubernetes(
      Resource policy, PolicyKind kind, KubernetesNetworkPolicy.Spec spec) {
    String namespace = policy.metadata().namespace();
    return new NaivePolicy(
        new PolicyRef(kind, "default", namespace, policy.metadata().name()),
        1000.0,
        labels ->
            "k8s".equals(labels.get("projectcalico.org/orchestrator"))
                && namespace.equals(labels.get("projectcalico.org/namespace"))
                && (spec.podSelector() == null || labelsMatch(spec.podSelector(), labels)),
        directions(spec.policyTypes()),
        Set.of(Stage.NORMAL),
        kubernetesRules(spec.ingress(), namespace, true),
        kubernetesRules(spec.egress(), namespace, false));
  }

  private List<NaiveRule> kubernetesRules(
      List<KubernetesNetworkPolicy.PolicyRule> rules, String namespace, boolean ingress) {
    List<NaiveRule> naive = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      KubernetesNetworkPolicy.PolicyRule rule = rules.get(i);
      naive.add(
          new NaiveRule(
              i,
              RuleAction.ALLOW,
              packet -> {
                IpAddress far = ingress ? packet.source() : packet.destination();
                if (rule.peers().isEmpty()) {
                  return rule.ports().isEmpty() || kubernetesPorts(rule, packet, pod -> true);
                }
                return rule.peers().stream()
                    .anyMatch(peer ->
                        kubernetesPeer(peer, namespace, far)
                            && (rule.ports().isEmpty()
                                || kubernetesPorts(
                                    rule,
                                    packet,
                                    pod ->
                                        ingress
                                            || peer.ipBlock() != null
                                            || podPeer(peer, namespace, pod))));
              }));
    }
    return naive;
  }

  private boolean kubernetesPeer(
      KubernetesNetworkPolicy.Peer peer, String namespace, IpAddress address) {
    if (peer.ipBlock() != null) {
      return peer.ipBlock().cidr().contains(address)
          && !NaiveCluster.contains(peer.ipBlock().except(), address);
    }
    return cluster.anyOwner(address, owner -> podPeer(peer, namespace, owner));
  }

  private boolean podPeer(KubernetesNetworkPolicy.Peer peer, String namespace, Resource owner) {
    if (!(owner instanceof Pod pod)) {
      return false;
    }
    String podNamespace = pod.metadata().namespace();
    boolean inNamespace =
        peer.namespaceSelector() == null
            ? podNamespace.equals(namespace)
            : labelsMatch(peer.namespaceSelector(), namespaceLabels(podNamespace));
    return inNamespace
        && (peer.podSelector() == null || labelsMatch(peer.podSelector(), pod.metadata().labels()));
  }

  private boolean kubernetesPorts(
      KubernetesNetworkPolicy.PolicyRule rule, Packet packet, Predicate<Resource> owners) {
    return rule.ports().stream()
        .anyMatch(port -> {
          if (!port.protocol().equals(packet.protocol())) {
            return false;
          }
          if (port.port() == null) {
            return true;
          }
          if (Character.isDigit(port.port().charAt(0))) {
            int first = Integer.parseInt(port.port());
            int last = port.endPort() == null ? first : port.endPort();
            return first <= packet.destinationPort() && packet.destinationPort() <= last;
          }
          return named(port.port(), packet, owners);
        });
  }

  private boolean named(String name, Packet packet, Predicate<Resource> owners) {
    return cluster.anyOwner(
        packet.destination(),
        owner ->
            owners.test(owner)
                && new NaiveCluster(List.of(owner))
                    .isNamedPort(
                        packet.destination(),
                        Selector.all(),
                        name,
                        packet.protocol(),
                        packet.destinationPort()));
  }

  // --- ClusterNetworkPolicy ---

  private NaivePolicy cluster(ClusterNetworkPolicy policy) {
    ClusterNetworkPolicy.Spec spec = policy.spec();
    List<Direction> directions = new ArrayList<>();
    if (!spec.ingress().isEmpty()) {
      directions.add(Direction.INGRESS);
    }
    if (!spec.egress().isEmpty()) {
      directions.add(Direction.EGRESS);
    }
    String tier =
        spec.tier() == ClusterNetworkPolicy.AdminTier.ADMIN ? "kube-admin" : "kube-baseline";
    return new NaivePolicy(
        new PolicyRef(PolicyKind.CLUSTER_NETWORK_POLICY, tier, "", policy.metadata().name()),
        (double) spec.priority(),
        labels -> clusterSubject(spec.subject(), labels),
        Set.copyOf(directions),
        Set.of(Stage.NORMAL),
        clusterRules(spec.ingress(), true),
        clusterRules(spec.egress(), false));
  }

  private boolean clusterSubject(ClusterNetworkPolicy.Subject subject, Map<String, String> labels) {
    if (!"k8s".equals(labels.get("projectcalico.org/orchestrator"))) {
      return false;
    }
    Map<String, String> ofNamespace = namespaceLabels(labels.get("projectcalico.org/namespace"));
    if (subject.namespaces() != null) {
      return labelsMatch(subject.namespaces(), ofNamespace);
    }
    return labelsMatch(subject.pods().namespaceSelector(), ofNamespace)
        && labelsMatch(subject.pods().podSelector(), labels);
  }

  private List<NaiveRule> clusterRules(
      List<ClusterNetworkPolicy.PolicyRule> rules, boolean ingress) {
    List<NaiveRule> naive = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      ClusterNetworkPolicy.PolicyRule rule = rules.get(i);
      RuleAction action =
          switch (rule.action()) {
            case ACCEPT -> RuleAction.ALLOW;
            case DENY -> RuleAction.DENY;
            case PASS -> RuleAction.PASS;
          };
      naive.add(new NaiveRule(i, action, packet -> clusterRule(rule, ingress, packet)));
      // What cannot be known is denied after all that can.
      if (action != RuleAction.ALLOW && rule.peers().stream().anyMatch(this::unknown)) {
        naive.add(new NaiveRule(i, RuleAction.DENY, packet -> true));
      }
    }
    return naive;
  }

  private boolean unknown(ClusterNetworkPolicy.Peer peer) {
    return peer instanceof ClusterNetworkPolicy.Peer.Unknown
        || peer instanceof ClusterNetworkPolicy.Peer.DomainNames;
  }

  private boolean clusterRule(
      ClusterNetworkPolicy.PolicyRule rule, boolean ingress, Packet packet) {
    IpAddress far = ingress ? packet.source() : packet.destination();
    return rule.peers().stream()
        .filter(peer -> clusterPeer(peer, far))
        .anyMatch(peer ->
            rule.protocols().isEmpty()
                || rule.protocols().stream()
                    .anyMatch(match -> clusterPort(match, peer, ingress, packet)));
  }

  private boolean clusterPeer(ClusterNetworkPolicy.Peer peer, IpAddress address) {
    return switch (peer) {
      case ClusterNetworkPolicy.Peer.Networks(var nets) -> NaiveCluster.contains(nets, address);
      case ClusterNetworkPolicy.Peer.Nodes(LabelSelector selector) ->
          cluster.isNode(address, labels -> labelsMatch(selector, labels));
      case ClusterNetworkPolicy.Peer.DomainNames _, ClusterNetworkPolicy.Peer.Unknown _ -> false;
      default -> cluster.anyOwner(address, owner -> clusterOwner(peer, owner));
    };
  }

  private boolean clusterOwner(ClusterNetworkPolicy.Peer peer, Resource owner) {
    String namespace = owner.metadata().namespace();
    return switch (peer) {
      case ClusterNetworkPolicy.Peer.Namespaces(LabelSelector selector) ->
          (!namespace.isEmpty()
                  || !(selector.matchLabels().isEmpty() && selector.matchExpressions().isEmpty()))
              && labelsMatch(selector, namespaceLabels(namespace));
      case ClusterNetworkPolicy.Peer.Pods(var selection) ->
          owner instanceof Pod
              && labelsMatch(selection.namespaceSelector(), namespaceLabels(namespace))
              && labelsMatch(selection.podSelector(), owner.metadata().labels());
      default -> true;
    };
  }

  private boolean clusterPort(
      ClusterNetworkPolicy.ProtocolMatch match,
      ClusterNetworkPolicy.Peer peer,
      boolean ingress,
      Packet packet) {
    return switch (match) {
      case ClusterNetworkPolicy.ProtocolMatch.Ports(Protocol protocol, var range) ->
          protocol.equals(packet.protocol())
              && (range == null
                  || (range.first() <= packet.destinationPort()
                      && packet.destinationPort() <= range.last()));
      case ClusterNetworkPolicy.ProtocolMatch.NamedPort(String name) ->
          named(name, packet, owner -> ingress || clusterOwner(peer, owner));
      case ClusterNetworkPolicy.ProtocolMatch.Unknown _ -> false;
    };
  }
}
