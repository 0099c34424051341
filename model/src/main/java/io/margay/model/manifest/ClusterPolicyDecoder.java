package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.ClusterNetworkPolicy.Action;
import io.margay.model.resource.ClusterNetworkPolicy.AdminTier;
import io.margay.model.resource.ClusterNetworkPolicy.Peer;
import io.margay.model.resource.ClusterNetworkPolicy.PodSelection;
import io.margay.model.resource.ClusterNetworkPolicy.PolicyRule;
import io.margay.model.resource.ClusterNetworkPolicy.ProtocolMatch;
import io.margay.model.resource.ClusterNetworkPolicy.Subject;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.ObjectMeta;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads cluster network policies. The API may grow: unknown forms are kept as unknown. */
final class ClusterPolicyDecoder {
  private static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

  private static final int LAST_PRIORITY = 1000;

  private ClusterPolicyDecoder() {}

  static ClusterNetworkPolicy policy(ObjectMeta metadata, Field spec) {
    Integer priority = spec.at("priority").integer(0, Integer.MAX_VALUE);
    Field.Mark mark = spec.mark();
    AdminTier tier = spec.at("tier").required(ClusterPolicyDecoder::tier).orElse(AdminTier.ADMIN);
    Subject subject = subject(spec.at("subject"));
    String failure = mark.failure();
    List<PolicyRule> ingress = rules(spec.at("ingress"), "from", failure);
    List<PolicyRule> egress = rules(spec.at("egress"), "to", failure);
    if (failure != null) {
      // Whom the policy is for is unknown, so its rules, which fail closed, are for everyone.
      subject = new Subject(EVERYTHING, null);
    }
    return new ClusterNetworkPolicy(
        metadata,
        new ClusterNetworkPolicy.Spec(
            tier, Objects.requireNonNullElse(priority, LAST_PRIORITY), subject, ingress, egress));
  }

  private static AdminTier tier(String text) {
    return switch (text) {
      case "Admin" -> AdminTier.ADMIN;
      case "Baseline" -> AdminTier.BASELINE;
      default -> throw new IllegalArgumentException("not a tier, write Admin or Baseline");
    };
  }

  private static Subject subject(Field subject) {
    subject.knowsOnly(Set.of("namespaces", "pods"));
    LabelSelector namespaces = KubernetesPolicyDecoder.selector(subject.at("namespaces"));
    PodSelection pods = subject.at("pods").present() ? pods(subject.at("pods")) : null;
    return new Subject(namespaces, pods);
  }

  private static PodSelection pods(Field pods) {
    pods.knowsOnly(Set.of("namespaceSelector", "podSelector"));
    LabelSelector namespaces = KubernetesPolicyDecoder.selector(pods.at("namespaceSelector"));
    LabelSelector labels = KubernetesPolicyDecoder.selector(pods.at("podSelector"));
    return new PodSelection(
        Objects.requireNonNullElse(namespaces, EVERYTHING),
        Objects.requireNonNullElse(labels, EVERYTHING));
  }

  private static List<PolicyRule> rules(Field list, String peers, @Nullable String policyFailure) {
    return list.items().stream()
        .map(rule -> {
          PolicyRule read = rule(rule, peers);
          return policyFailure == null
              ? read
              : new PolicyRule(
                  read.name(), read.action(), List.of(new Peer.Unknown(policyFailure)), List.of());
        })
        .toList();
  }

  private static PolicyRule rule(Field rule, String peers) {
    Field.Mark mark = rule.mark();
    rule.knowsOnly(Set.of("name", "action", peers, "protocols"));
    Action action = rule.at("action").required(ClusterPolicyDecoder::action).orElse(Action.DENY);
    if (!rule.at(peers).present()) {
      rule.at(peers).problem("missing", "");
    }
    String failure = mark.failure();
    List<Peer> read = rule.at(peers).items().stream().map(ClusterPolicyDecoder::peer).toList();
    return new PolicyRule(
        rule.at("name").text(),
        action,
        failure == null ? read : List.of(new Peer.Unknown(failure)),
        rule.at("protocols").items().stream().map(ClusterPolicyDecoder::protocol).toList());
  }

  private static Action action(String text) {
    return switch (text) {
      case "Accept" -> Action.ACCEPT;
      case "Deny" -> Action.DENY;
      case "Pass" -> Action.PASS;
      default -> throw new IllegalArgumentException("not an action, write Accept, Deny or Pass");
    };
  }

  private static Peer peer(Field peer) {
    Field.Mark mark = peer.mark();
    Set<String> forms = peer.names();
    if (forms.size() != 1) {
      peer.problem("not exactly one form of peer", "write one of namespaces, pods or networks");
      return new Peer.Unknown(Objects.requireNonNull(mark.failure()));
    }
    String form = forms.iterator().next();
    Field value = peer.at(form);
    if (!value.present()) {
      value.problem("empty", "");
    }
    Peer read =
        switch (form) {
          case "namespaces" -> new Peer.Namespaces(orEverything(value));
          case "pods" -> new Peer.Pods(pods(value));
          case "networks" -> new Peer.Networks(value.items(net -> net.required(Cidr::parse)));
          case "nodes" -> new Peer.Nodes(orEverything(value));
          case "domainNames" ->
              new Peer.DomainNames(value.items(name -> name.required(text -> text)));
          default -> {
            value.problem("unknown form of peer", "");
            yield new Peer.Unknown("");
          }
        };
    String failure = mark.failure();
    return failure == null ? read : new Peer.Unknown(failure);
  }

  private static LabelSelector orEverything(Field selector) {
    return Objects.requireNonNullElse(KubernetesPolicyDecoder.selector(selector), EVERYTHING);
  }

  private static ProtocolMatch protocol(Field protocol) {
    Field.Mark mark = protocol.mark();
    Set<String> forms = protocol.names();
    if (forms.size() != 1) {
      protocol.problem(
          "not exactly one form of protocol",
          "write one of tcp, udp, sctp or destinationNamedPort");
      return new ProtocolMatch.Unknown(Objects.requireNonNull(mark.failure()));
    }
    String form = forms.iterator().next();
    Field value = protocol.at(form);
    ProtocolMatch read =
        switch (form) {
          case "tcp", "udp", "sctp" -> {
            value.knowsOnly(Set.of("destinationPort"));
            yield new ProtocolMatch.Ports(
                Protocol.parse(form), destinationPort(value.at("destinationPort")));
          }
          case "destinationNamedPort" ->
              new ProtocolMatch.NamedPort(value.required(text -> text).orElse(""));
          default -> {
            value.problem("unknown form of protocol", "");
            yield new ProtocolMatch.Unknown("");
          }
        };
    String failure = mark.failure();
    return failure == null ? read : new ProtocolMatch.Unknown(failure);
  }

  private static @Nullable PortRange destinationPort(Field port) {
    if (!port.present()) {
      return null;
    }
    port.knowsOnly(Set.of("number", "range"));
    Integer number = port.at("number").integer(1, 65535);
    Field range = port.at("range");
    if ((number == null) != range.present()) {
      port.problem("not exactly one of number and range", "write number or range");
      return null;
    }
    if (number != null) {
      return PortRange.of(number);
    }
    Integer start = range.at("start").integer(1, 65535);
    Integer end = range.at("end").integer(1, 65535);
    if (start == null || end == null || start > end) {
      range.problem("not a range", "write start and end, start lower than end");
      return null;
    }
    return new PortRange(start, end);
  }
}
