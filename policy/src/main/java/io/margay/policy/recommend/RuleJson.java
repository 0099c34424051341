package io.margay.policy.recommend;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EntityRule;
import io.margay.model.resource.PortMatch;
import io.margay.model.resource.Rule;
import java.util.List;
import java.util.TreeMap;

/** Writes the rules of {@link RuleLearner}, which have no other fields than these. */
final class RuleJson {
  private RuleJson() {}

  static ObjectNode of(Rule rule) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("action", rule.action().toString());
    if (rule.protocol() != null) {
      protocol(json, rule.protocol());
    }
    if (rule.icmp() != null && rule.icmp().type() != null) {
      json.putObject("icmp").put("type", rule.icmp().type());
    }
    side(json, "source", rule.source());
    side(json, "destination", rule.destination());
    ObjectNode annotations = json.putObject("metadata").putObject("annotations");
    new TreeMap<>(rule.annotations()).forEach(annotations::put);
    return json;
  }

  /** Protocols without a name are numbers. */
  private static void protocol(ObjectNode json, Protocol protocol) {
    String text = protocol.toString();
    if (Character.isDigit(text.charAt(0))) {
      json.put("protocol", protocol.number());
    } else {
      json.put("protocol", text);
    }
  }

  private static void side(ObjectNode rule, String name, EntityRule side) {
    if (side.equals(EntityRule.ANY)) {
      return;
    }
    ObjectNode json = rule.putObject(name);
    if (side.namespaceSelector() != null) {
      json.put("namespaceSelector", side.namespaceSelector().canonical());
    }
    if (side.selector() != null) {
      json.put("selector", side.selector().canonical());
    }
    list(json, "nets", side.nets());
    list(json, "notNets", side.notNets());
    if (!side.ports().isEmpty()) {
      ArrayNode ports = json.putArray("ports");
      for (PortMatch port : side.ports()) {
        switch (port) {
          case PortMatch.Numeric(var range) when range.first() == range.last() ->
              ports.add(range.first());
          case PortMatch.Numeric(var range) -> ports.add(range.toString());
          case PortMatch.Named(String named) -> ports.add(named);
        }
      }
    }
  }

  private static void list(ObjectNode json, String name, List<?> values) {
    if (!values.isEmpty()) {
      ArrayNode list = json.putArray(name);
      values.forEach(value -> list.add(value.toString()));
    }
  }
}
