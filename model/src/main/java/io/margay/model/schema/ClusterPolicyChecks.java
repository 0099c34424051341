package io.margay.model.schema;

import java.util.List;

/** What must hold between the fields of cluster network policies. */
final class ClusterPolicyChecks {
  private ClusterPolicyChecks() {}

  static void policy(Place spec) {
    selection(spec.at("subject"));
    for (Place rule : spec.at("ingress").items()) {
      rule(rule, rule.at("from"));
    }
    for (Place rule : spec.at("egress").items()) {
      rule(rule, rule.at("to"));
    }
  }

  private static void rule(Place rule, Place peers) {
    for (Place peer : peers.items()) {
      selection(peer);
      if (peer.at("domainNames").present() && !rule.at("action").text().equals("Accept")) {
        peer.at("domainNames")
            .problem("only for Accept rules", "write action: Accept or other peers");
      }
    }
    for (Place protocol : rule.at("protocols").items()) {
      for (String name : List.of("tcp", "udp", "sctp")) {
        range(protocol.at(name, "destinationPort", "range"));
      }
    }
  }

  private static void selection(Place peer) {
    KubernetesPolicyChecks.labelSelector(peer.at("namespaces"));
    KubernetesPolicyChecks.labelSelector(peer.at("nodes"));
    KubernetesPolicyChecks.labelSelector(peer.at("pods", "namespaceSelector"));
    KubernetesPolicyChecks.labelSelector(peer.at("pods", "podSelector"));
  }

  private static void range(Place range) {
    Place start = range.at("start");
    Place end = range.at("end");
    if (start.node().isInt() && end.node().isInt() && start.node().asInt() >= end.node().asInt()) {
      end.problem(
          "not higher than start", "write more than " + start.text() + ", or number for one port");
    }
  }
}
