package io.margay.model.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Tier;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold between the fields of tiers, Calico policies, profiles and host endpoints. */
final class CalicoPolicyChecks {
  private static final Set<String> WITH_DELETE = Set.of("tier", "stagedAction");

  private CalicoPolicyChecks() {}

  static void tier(String name, Place spec) {
    for (Tier tier : Tier.builtIn()) {
      if (tier.metadata().name().equals(name)) {
        Place order = spec.at("order");
        Double fixed = tier.spec().order();
        if (fixed != null && order.present() && order.node().asDouble() != fixed) {
          order.problem("the order of this tier is fixed", "write " + fixed.longValue());
        }
        Place action = spec.at("defaultAction");
        String fixedAction = tier.spec().defaultAction().toString();
        if (action.given() && !action.text().equals(fixedAction)) {
          action.problem("the default action of this tier is fixed", "write " + fixedAction);
        }
      }
    }
  }

  static void policy(Kind kind, Place spec) {
    boolean global =
        kind == Kind.GLOBAL_NETWORK_POLICY || kind == Kind.STAGED_GLOBAL_NETWORK_POLICY;
    for (String selector : List.of("selector", "serviceAccountSelector", "namespaceSelector")) {
      SelectorChecks.withoutGlobal(spec.at(selector));
    }
    rules(spec, global);
    if (global) {
      hostPolicies(spec);
    }
  }

  static void profile(Place spec) {
    rules(spec, true);
  }

  private static void rules(Place spec, boolean global) {
    spec.at("ingress").items().forEach(rule -> RuleChecks.check(rule, true, global));
    spec.at("egress").items().forEach(rule -> RuleChecks.check(rule, false, global));
  }

  private static void hostPolicies(Place spec) {
    boolean doNotTrack = spec.at("doNotTrack").node().asBoolean();
    boolean preDnat = spec.at("preDNAT").node().asBoolean();
    if (doNotTrack && preDnat) {
      spec.at("preDNAT").problem("cannot be true beside doNotTrack", "write two policies");
    }
    if ((doNotTrack || preDnat) && !spec.at("applyOnForward").node().asBoolean()) {
      spec.at("applyOnForward")
          .problem("must be true with " + (doNotTrack ? "doNotTrack" : "preDNAT"), "write true");
    }
    if (preDnat) {
      if (spec.at("egress").given()) {
        spec.at("egress").problemOfWhole("preDNAT policies have no egress rules", "leave it out");
      }
      for (Place type : spec.at("types").items()) {
        if (type.text().equals("Egress")) {
          type.problem("preDNAT policies govern ingress only", "leave it out");
        }
      }
    }
  }

  /** Deleting the enforced policy needs no other word about it. */
  static void stagedDelete(Place spec) {
    if (!isStagedDelete(spec.node())) {
      return;
    }
    for (Map.Entry<String, JsonNode> field : spec.node().properties()) {
      if (!WITH_DELETE.contains(field.getKey()) && !isZero(field.getValue())) {
        spec.at(field.getKey())
            .problemOfWhole("not allowed with stagedAction Delete", "leave it out");
      }
    }
  }

  /** Whether a spec is that of a staged policy whose enforcement deletes the enforced one. */
  static boolean isStagedDelete(JsonNode spec) {
    return spec.path("stagedAction").asText().equals("Delete");
  }

  private static boolean isZero(JsonNode value) {
    return value.isNull()
        || (value.isContainerNode() && value.isEmpty())
        || (value.isTextual() && value.asText().isEmpty())
        || (value.isBoolean() && !value.asBoolean());
  }

  static void hostEndpoint(Place spec) {
    if (!spec.at("interfaceName").given() && !spec.at("expectedIPs").given()) {
      spec.at("interfaceName")
          .problem("missing, and expectedIPs too", "write at least one of the two");
    }
  }
}
