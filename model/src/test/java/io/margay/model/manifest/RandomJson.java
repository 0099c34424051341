package io.margay.model.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Random;

/** JSON that looks a little like policies, and is wrong in every way. */
final class RandomJson {
  private static final List<String> FIELDS =
      List.of(
          "ingress",
          "egress",
          "action",
          "source",
          "destination",
          "nets",
          "ports",
          "selector",
          "protocol",
          "icmp",
          "type",
          "podSelector",
          "matchLabels",
          "matchExpressions",
          "key",
          "operator",
          "values",
          "from",
          "to",
          "ipBlock",
          "cidr",
          "except",
          "endPort",
          "port",
          "subject",
          "namespaces",
          "pods",
          "tier",
          "priority",
          "protocols",
          "tcp",
          "destinationPort",
          "range",
          "start",
          "end",
          "order",
          "types",
          "policyTypes",
          "services",
          "name",
          "addresses",
          "containers",
          "podIPs",
          "ip",
          "conditions",
          "spec",
          "http",
          "paths",
          "unknown");
  private static final List<String> TEXTS =
      List.of(
          "",
          "Allow",
          "Pass",
          "TCP",
          "ICMP",
          "10.0.0.0/8",
          "x",
          "80",
          "80:90",
          "In",
          "Exists",
          "Ingress",
          "all()",
          "a == 'b'",
          "(",
          "\0",
          "99999999999999999999",
          "-1",
          "Admin");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private RandomJson() {}

  static JsonNode value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 9)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(random.nextInt(300) - 20);
      case 3 -> NODES.numberNode(random.nextDouble() * 1e20);
      case 4 -> NODES.textNode(TEXTS.get(random.nextInt(TEXTS.size())));
      case 5, 6 -> {
        ArrayNode array = NODES.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          array.add(value(random, depth - 1));
        }
        yield array;
      }
      default -> {
        ObjectNode object = NODES.objectNode();
        for (int i = random.nextInt(7); i > 0; i--) {
          object.set(FIELDS.get(random.nextInt(FIELDS.size())), value(random, depth - 1));
        }
        yield object;
      }
    };
  }
}
