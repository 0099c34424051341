package io.margay.model.manifest;

import io.margay.model.net.Cidr;
import io.margay.model.net.Protocol;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy.IpBlock;
import io.margay.model.resource.KubernetesNetworkPolicy.Peer;
import io.margay.model.resource.KubernetesNetworkPolicy.PolicyRule;
import io.margay.model.resource.KubernetesNetworkPolicy.Port;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.PolicyType;
import io.margay.model.resource.StagedAction;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads Kubernetes network policies, enforced and staged. */
final class KubernetesPolicyDecoder {
  private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");

  private KubernetesPolicyDecoder() {}

  static KubernetesNetworkPolicy policy(ObjectMeta metadata, Field spec) {
    return new KubernetesNetworkPolicy(metadata, spec(spec));
  }

  static StagedKubernetesNetworkPolicy staged(ObjectMeta metadata, Field spec) {
    StagedAction action =
        spec.at("stagedAction").parsed(CalicoPolicyDecoder::stagedAction).orElse(StagedAction.SET);
    return new StagedKubernetesNetworkPolicy(metadata, action, spec(spec));
  }

  private static KubernetesNetworkPolicy.Spec spec(Field spec) {
    List<PolicyType> types =
        spec.at("policyTypes").items(type -> type.parsed(CalicoPolicyDecoder::policyType));
    Field.Mark mark = spec.mark();
    LabelSelector pods = selector(spec.at("podSelector"));
    List<PolicyRule> ingress = rules(spec.at("ingress"), "from");
    List<PolicyRule> egress = rules(spec.at("egress"), "to");
    KubernetesNetworkPolicy.Spec read =
        new KubernetesNetworkPolicy.Spec(pods, ingress, egress, types);
    if (pods == null && mark.failure() != null && spec.at("podSelector").present()) {
      // Whom the policy protects is unknown, so it isolates every pod of its namespace.
      return new KubernetesNetworkPolicy.Spec(null, List.of(), List.of(), read.policyTypes());
    }
    return read;
  }

  private static List<PolicyRule> rules(Field list, String peers) {
    return list.items().stream()
        .map(rule -> {
          Field.Mark mark = rule.mark();
          rule.knowsOnly(Set.of(peers, "ports"));
          Peer unknown = new Peer(null, null, null, mark.failure());
          return unknown.unparseable() == null
              ? new PolicyRule(
                  rule.at(peers).items().stream().map(KubernetesPolicyDecoder::peer).toList(),
                  rule.at("ports").items().stream().map(KubernetesPolicyDecoder::port).toList())
              : new PolicyRule(List.of(unknown), List.of());
        })
        .toList();
  }

  private static Peer peer(Field peer) {
    Field.Mark mark = peer.mark();
    peer.knowsOnly(Set.of("podSelector", "namespaceSelector", "ipBlock"));
    LabelSelector pods = selector(peer.at("podSelector"));
    LabelSelector namespaces = selector(peer.at("namespaceSelector"));
    IpBlock block = ipBlock(peer.at("ipBlock"));
    if (mark.failure() == null && pods == null && namespaces == null && block == null) {
      peer.problem("no peer is given", "write podSelector, namespaceSelector or ipBlock");
    } else if (block != null && (pods != null || namespaces != null)) {
      peer.at("ipBlock").problem("given beside a selector", "write two peers");
    }
    return new Peer(pods, namespaces, block, mark.failure());
  }

  private static @Nullable IpBlock ipBlock(Field block) {
    if (!block.present()) {
      return null;
    }
    block.knowsOnly(Set.of("cidr", "except"));
    List<Cidr> except = block.at("except").items(net -> net.required(Cidr::parse));
    return block
        .at("cidr")
        .required(Cidr::parse)
        .map(cidr -> new IpBlock(cidr, except))
        .orElse(null);
  }

  private static Port port(Field port) {
    Field.Mark mark = port.mark();
    port.knowsOnly(Set.of("protocol", "port", "endPort"));
    Protocol protocol = port.at("protocol").parsed(Protocol::parse).orElse(Protocol.TCP);
    String start = port.at("port").present() ? port.at("port").text() : null;
    Integer end = port.at("endPort").integer(1, 65535);
    if (start != null && isNumber(start)) {
      checkRange(port, start, end);
    } else if (end != null) {
      port.at("endPort").problem("needs a numeric port", "write port as a number");
    }
    return new Port(protocol, start, end, mark.failure());
  }

  private static void checkRange(Field port, String start, @Nullable Integer end) {
    int first = start.length() > 5 ? -1 : Integer.parseInt(start);
    if (first < 1 || first > 65535) {
      port.at("port").problem("not a port", "write a number from 1 to 65535");
    } else if (end != null && end < first) {
      port.at("endPort").problem("lower than port", "write " + first + " or more");
    }
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Null when absent, and also when it cannot be read: the caller sees that from the problems. */
  static @Nullable LabelSelector selector(Field selector) {
    if (!selector.present()) {
      return null;
    }
    Field.Mark mark = selector.mark();
    selector.knowsOnly(Set.of("matchLabels", "matchExpressions"));
    LabelSelector read =
        new LabelSelector(
            selector.at("matchLabels").texts(),
            selector.at("matchExpressions").items().stream()
                .map(KubernetesPolicyDecoder::requirement)
                .toList());
    return mark.failure() == null ? read : null;
  }

  private static LabelSelector.Requirement requirement(Field requirement) {
    requirement.knowsOnly(Set.of("key", "operator", "values"));
    String key = requirement.at("key").required(text -> text).orElse("");
    String operator = requirement.at("operator").required(text -> text).orElse("");
    List<String> values = requirement.at("values").items(value -> value.required(text -> text));
    if (!OPERATORS.contains(operator)) {
      requirement
          .at("operator")
          .problem("not an operator", "write In, NotIn, Exists or DoesNotExist");
    } else if (operator.endsWith("In") && values.isEmpty()) {
      requirement.at("values").problem("empty", "write at least one value");
    }
    return new LabelSelector.Requirement(key, operator, values);
  }
}
