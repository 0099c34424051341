package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpFamily;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must hold between the fields of a Calico rule. */
final class RuleChecks {
  private static final Set<String> WITH_PORTS = Set.of("TCP", "UDP", "SCTP", "6", "17", "132");
  private static final Set<String> WITH_ICMP = Set.of("ICMP", "ICMPv6", "1", "58");
  private static final Set<String> WITH_HTTP = Set.of("", "TCP", "6");
  private static final int MAX_ANNOTATIONS = 256 * 1024;

  private RuleChecks() {}

  /**
   * Checks one rule.
   *
   * @param global whether the policy is of no namespace
   */
  static void check(Place rule, boolean ingress, boolean global) {
    icmp(rule);
    http(rule, ingress);
    annotations(rule.at("metadata", "annotations"));
    families(rule);
    for (String side : List.of("source", "destination")) {
      Place entity = rule.at(side);
      ports(rule, entity);
      SelectorChecks.withoutGlobal(entity.at("selector"));
      SelectorChecks.withoutGlobal(entity.at("notSelector"));
      SelectorChecks.withoutGlobal(entity.at("serviceAccounts", "selector"));
      SelectorChecks.globalAlone(entity.at("namespaceSelector"));
      if (entity.at("services").present()) {
        services(entity, ingress == side.equals("source"), ingress, global);
      }
    }
  }

  private static void icmp(Place rule) {
    String protocol = rule.at("protocol").text();
    if (rule.at("icmp").present() && !WITH_ICMP.contains(protocol)) {
      rule.at("icmp").problem("needs the protocol ICMP or ICMPv6", "write protocol: ICMP");
    }
    for (String field : List.of("icmp", "notICMP")) {
      Place icmp = rule.at(field);
      if (icmp.at("code").present() && !icmp.at("type").present()) {
        icmp.at("code").problem("needs a type", "write type beside it");
      }
    }
  }

  private static void http(Place rule, boolean ingress) {
    Place http = rule.at("http");
    if (!http.present()) {
      return;
    }
    if (!ingress) {
      http.problem("only for ingress rules", "leave it out");
    }
    if (!rule.at("action").text().equals("Allow")) {
      http.problem("only for Allow rules", "write action: Allow");
    }
    if (!WITH_HTTP.contains(rule.at("protocol").text())) {
      http.problem("only for the protocol TCP", "write protocol: TCP");
    }
  }

  private static void annotations(Place annotations) {
    long size = 0;
    for (var entry : annotations.node().properties()) {
      size += entry.getKey().length() + entry.getValue().asText().length();
    }
    if (size > MAX_ANNOTATIONS) {
      annotations.problemOfWhole("larger than 256 KiB", "shorten it");
    }
  }

  private static void ports(Place rule, Place entity) {
    String protocol = rule.at("protocol").text();
    for (String field : List.of("ports", "notPorts")) {
      for (Place port : entity.at(field).items()) {
        if (!protocol.isEmpty() && !WITH_PORTS.contains(protocol)) {
          port.problem(
              "the protocol " + protocol + " has no ports", "write protocol: TCP, UDP or SCTP");
        } else if (protocol.isEmpty() && isNumeric(port.node())) {
          port.problem("a port number needs a protocol", "write protocol: TCP, UDP or SCTP");
        }
      }
    }
  }

  private static boolean isNumeric(JsonNode port) {
    String text = port.asText();
    return text.indexOf(':') >= 0 || text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** All nets of a rule are of one family, which is the rule's where it has one. */
  private static void families(Place rule) {
    IpFamily family = declaredFamily(rule);
    String reason = family == null ? "" : "the rule is for IPv" + family.version();
    for (String side : List.of("source", "destination")) {
      for (String field : List.of("nets", "notNets")) {
        for (Place net : rule.at(side, field).items()) {
          Cidr cidr = cidr(net);
          if (cidr == null) {
            continue;
          }
          if (family == null) {
            family = cidr.family();
            reason = "another net of the rule is IPv" + family.version();
          } else if (cidr.family() != family) {
            net.problem(reason, "write a rule for each IP version");
          }
          if (field.equals("notNets") && cidr.prefixLength() == 0) {
            net.problem("excludes every address", "leave the rule out");
          }
        }
      }
    }
  }

  private static @Nullable IpFamily declaredFamily(Place rule) {
    IpFamily implied =
        switch (rule.at("protocol").text().toLowerCase(Locale.ROOT)) {
          case "icmp" -> IpFamily.IPV4;
          case "icmpv6" -> IpFamily.IPV6;
          default -> null;
        };
    Place version = rule.at("ipVersion");
    if (!version.present()) {
      return implied;
    }
    IpFamily given =
        switch (version.node().asInt()) {
          case 4 -> IpFamily.IPV4;
          case 6 -> IpFamily.IPV6;
          default -> null;
        };
    if (implied != null && given != null && implied != given) {
      version.problem(
          rule.at("protocol").text() + " is of IPv" + implied.version(),
          "write " + implied.version());
    }
    return given;
  }

  private static @Nullable Cidr cidr(Place net) {
    try {
      return net.node().isTextual() ? Cidr.parse(net.text()) : null;
    } catch (IllegalArgumentException e) {
      return null; // The format of the field tells that.
    }
  }

  private static void services(Place entity, boolean allowed, boolean ingress, boolean global) {
    Place services = entity.at("services");
    if (!allowed) {
      services.problem(
          ingress
              ? "in ingress rules only for the source"
              : "in egress rules only for the destination",
          "leave it out");
    }
    if (global && !services.at("namespace").given()) {
      services.at("namespace").problem("missing, the policy has none", "write the namespace");
    }
    for (String field :
        List.of(
            "selector", "notSelector", "namespaceSelector", "nets", "notNets", "serviceAccounts")) {
      if (entity.at(field).given()) {
        entity.at(field).problem("not allowed beside services", "leave one of them out");
      }
    }
    if (!ingress) {
      for (String field : List.of("ports", "notPorts")) {
        if (entity.at(field).given()) {
          entity.at(field).problem("the service gives the ports", "leave it out");
        }
      }
    }
  }
}
