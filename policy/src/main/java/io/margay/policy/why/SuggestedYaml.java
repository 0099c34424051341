package io.margay.policy.why;

import io.margay.model.net.Cidr;
import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.model.resource.CalicoPolicySpec;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.LabelSelector;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Rule;
import io.margay.model.resource.RuleAction;
import io.margay.model.selector.Selector;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Writes suggested rules as their authors would. Only what suggestions contain is written. */
final class SuggestedYaml {
  private final StringBuilder text = new StringBuilder();

  private SuggestedYaml() {}

  static String rule(Rule rule) {
    return new SuggestedYaml().calico(rule, "").toString();
  }

  static String rule(KubernetesNetworkPolicy.PolicyRule rule, boolean ingress) {
    SuggestedYaml yaml = new SuggestedYaml();
    yaml.line("- " + (ingress ? "from:" : "to:"));
    for (KubernetesNetworkPolicy.Peer peer : rule.peers()) {
      if (peer.ipBlock() != null) {
        yaml.line("  - ipBlock:").line("      cidr: " + peer.ipBlock().cidr());
      }
      String dash = "  - ";
      if (peer.namespaceSelector() != null) {
        yaml.line(dash + "namespaceSelector:").labels(peer.namespaceSelector(), "      ");
        dash = "    ";
      }
      if (peer.podSelector() != null) {
        yaml.line(dash + "podSelector:").labels(peer.podSelector(), "      ");
      }
    }
    if (!rule.ports().isEmpty()) {
      yaml.line("  ports:");
      for (KubernetesNetworkPolicy.Port port : rule.ports()) {
        yaml.line("  - protocol: " + port.protocol());
        if (port.port() != null) {
          yaml.line("    port: " + port.port());
        }
      }
    }
    return yaml.toString();
  }

  static String rule(ClusterNetworkPolicy.PolicyRule rule, boolean ingress) {
    SuggestedYaml yaml = new SuggestedYaml();
    yaml.line("- name: " + rule.name());
    yaml.line("  action: " + camel(rule.action().name()));
    yaml.line(ingress ? "  from:" : "  to:");
    for (ClusterNetworkPolicy.Peer peer : rule.peers()) {
      switch (peer) {
        case ClusterNetworkPolicy.Peer.Pods(ClusterNetworkPolicy.PodSelection selection) -> {
          yaml.line("  - pods:");
          yaml.line("      namespaceSelector:").labels(selection.namespaceSelector(), "        ");
          yaml.line("      podSelector:").labels(selection.podSelector(), "        ");
        }
        case ClusterNetworkPolicy.Peer.Networks(List<Cidr> nets) -> {
          yaml.line("  - networks:");
          nets.forEach(net -> yaml.line("    - " + quote(net)));
        }
        default -> throw new IllegalArgumentException("never suggested: " + peer);
      }
    }
    yaml.line("  protocols:");
    for (ClusterNetworkPolicy.ProtocolMatch match : rule.protocols()) {
      if (match
          instanceof ClusterNetworkPolicy.ProtocolMatch.Ports(Protocol protocol, PortRange range)) {
        yaml.line("  - " + protocol.toString().toLowerCase(Locale.ROOT) + ":");
        if (range != null) {
          yaml.line("      destinationPort:").line("        number: " + range.first());
        }
      }
    }
    return yaml.toString();
  }

  static String policy(GlobalNetworkPolicy policy) {
    CalicoPolicySpec spec = policy.spec();
    SuggestedYaml yaml = new SuggestedYaml();
    yaml.line("apiVersion: projectcalico.org/v3").line("kind: GlobalNetworkPolicy");
    yaml.line("metadata:").line("  name: " + policy.metadata().name());
    yaml.line("spec:").line("  tier: " + spec.tier());
    if (spec.order() != null) {
      yaml.line("  order: " + number(spec.order()));
    }
    yaml.line("  selector: " + quote(spec.selector()));
    if (spec.applyOnForward()) {
      yaml.line("  applyOnForward: true");
    }
    if (spec.preDNAT()) {
      yaml.line("  preDNAT: true");
    }
    if (spec.doNotTrack()) {
      yaml.line("  doNotTrack: true");
    }
    yaml.line("  types: [" + camel(spec.types().getFirst().name()) + "]");
    yaml.line(spec.egress().isEmpty() ? "  ingress:" : "  egress:");
    for (Rule rule : spec.egress().isEmpty() ? spec.ingress() : spec.egress()) {
      yaml.calico(rule, "  ");
    }
    return yaml.toString();
  }

  private SuggestedYaml calico(Rule rule, String indent) {
    line(indent + "- action: " + rule.action());
    if (rule.action() == RuleAction.PASS) {
      return this;
    }
    if (rule.protocol() != null) {
      line(indent + "  protocol: " + rule.protocol());
    }
    if (rule.icmp() != null) {
      line(indent + "  icmp:").line(indent + "    type: " + rule.icmp().type());
      line(indent + "    code: " + rule.icmp().code());
    }
    return side("source", rule.source(), indent).side("destination", rule.destination(), indent);
  }

  private SuggestedYaml side(String name, EntityRule side, String indent) {
    if (side.equals(EntityRule.ANY)) {
      return this;
    }
    line(indent + "  " + name + ":");
    if (side.namespaceSelector() != null) {
      line(indent + "    namespaceSelector: " + quote(side.namespaceSelector()));
    }
    if (side.selector() != null) {
      line(indent + "    selector: " + quote(side.selector()));
    }
    if (!side.nets().isEmpty()) {
      line(indent + "    nets: [" + quote(side.nets().getFirst()) + "]");
    }
    for (PortMatch port : side.ports()) {
      if (port instanceof PortMatch.Numeric(PortRange range)) {
        line(indent + "    ports: [" + range + "]");
      }
    }
    return this;
  }

  private SuggestedYaml labels(LabelSelector selector, String indent) {
    line(indent + "matchLabels:");
    for (Map.Entry<String, String> label : new TreeMap<>(selector.matchLabels()).entrySet()) {
      line(indent + "  " + label.getKey() + ": \"" + label.getValue() + "\"");
    }
    return this;
  }

  private SuggestedYaml line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /** Selectors may begin with what YAML takes for a tag, and contain either kind of quote. */
  private static String quote(Selector selector) {
    return "'" + selector.canonical().replace("'", "''") + "'";
  }

  /** IPv6 prefixes need the quotes. */
  private static String quote(Cidr net) {
    return "\"" + net + "\"";
  }

  private static String number(double order) {
    return order == Math.rint(order) ? Long.toString((long) order) : Double.toString(order);
  }

  private static String camel(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
