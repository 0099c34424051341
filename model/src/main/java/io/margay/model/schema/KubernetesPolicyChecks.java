package io.margay.model.schema;

import io.margay.model.net.Cidr;
import org.jspecify.annotations.Nullable;

/** What must hold between the fields of Kubernetes network policies. */
final class KubernetesPolicyChecks {
  private KubernetesPolicyChecks() {}

  static void policy(Place spec) {
    labelSelector(spec.at("podSelector"));
    for (Place rule : spec.at("ingress").items()) {
      rule(rule, rule.at("from"));
    }
    for (Place rule : spec.at("egress").items()) {
      rule(rule, rule.at("to"));
    }
  }

  private static void rule(Place rule, Place peers) {
    for (Place peer : peers.items()) {
      labelSelector(peer.at("podSelector"));
      labelSelector(peer.at("namespaceSelector"));
      Place block = peer.at("ipBlock");
      if (block.present()) {
        if (peer.at("podSelector").present() || peer.at("namespaceSelector").present()) {
          block.problem("not allowed beside selectors", "write two peers");
        }
        ipBlock(block);
      }
    }
    rule.at("ports").items().forEach(KubernetesPolicyChecks::port);
  }

  private static void ipBlock(Place block) {
    Cidr cidr = cidr(block.at("cidr"));
    for (Place except : block.at("except").items()) {
      Cidr inner = cidr(except);
      if (cidr != null && inner != null && (!cidr.contains(inner) || cidr.equals(inner))) {
        except.problem("not a part of " + cidr, "write a smaller block within it");
      }
    }
  }

  private static @Nullable Cidr cidr(Place place) {
    try {
      return place.node().isTextual() ? Cidr.parse(place.text()) : null;
    } catch (IllegalArgumentException e) {
      return null; // The format of the field tells that.
    }
  }

  private static void port(Place port) {
    Place end = port.at("endPort");
    if (!end.present()) {
      return;
    }
    Place start = port.at("port");
    String number = start.text();
    if (number.isEmpty() || number.length() > 5 || !number.chars().allMatch(Character::isDigit)) {
      end.problem("needs a numeric port", "write port as a number");
    } else if (end.node().isIntegralNumber() && end.node().asInt() < Integer.parseInt(number)) {
      end.problem("lower than port", "write " + number + " or more");
    }
  }

  /** Operators and values must fit. */
  static void labelSelector(Place selector) {
    for (Place requirement : selector.at("matchExpressions").items()) {
      Place values = requirement.at("values");
      switch (requirement.at("operator").text()) {
        case "In", "NotIn" -> {
          if (!values.given()) {
            values.problem("missing", "write at least one value");
          }
        }
        case "Exists", "DoesNotExist" -> {
          if (values.given()) {
            values.problem("not used by this operator", "leave it out");
          }
        }
        default -> {} // The schema tells that.
      }
    }
  }
}
