package io.margay.store.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Texts of cells that take more than reading one field. */
final class Cells {
  private static final String NONE = "<none>";
  private static final int SHOWN = 3;
  private static final String ROLE = "node-role.kubernetes.io/";

  private Cells() {}

  /** A plain value, or a list joined by commas; nothing shows as {@code <none>}. */
  static String text(JsonNode value) {
    if (value.isArray()) {
      List<String> items = new ArrayList<>();
      value.forEach(item -> items.add(item.asText()));
      return join(items);
    }
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return NONE;
    }
    // 100.0 is what is left of an order of 100 on its way through other tools.
    boolean whole = value.isNumber() && value.asDouble() == value.asLong();
    return whole ? Long.toString(value.asLong()) : value.asText();
  }

  private static String join(Iterable<String> items) {
    String joined = String.join(",", items);
    return joined.isEmpty() ? NONE : joined;
  }

  /** Whether a condition of the status holds. */
  static String condition(ObjectNode object, String type) {
    return conditionNode(object, type).path("status").asText("<unknown>");
  }

  /** What is said of a condition of the status; empty if nothing is. */
  static String conditionMessage(ObjectNode object, String type) {
    return conditionNode(object, type).path("message").asText();
  }

  private static JsonNode conditionNode(ObjectNode object, String type) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return MissingNode.getInstance();
  }

  /** A set may hold thousands of items: the first few say enough. */
  static String shortened(JsonNode list) {
    List<String> items = new ArrayList<>();
    list.forEach(item -> items.add(item.asText()));
    return items.size() <= SHOWN
        ? join(items)
        : join(items.subList(0, SHOWN)) + " + " + (items.size() - SHOWN) + " more";
  }

  /** The items of a list, each by one of its fields. */
  static String items(JsonNode list, String field) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.path(field).asText()));
    return join(texts);
  }

  /** A Kubernetes label selector as kubectl writes it: {@code app=web,tier in (a,b)}. */
  static String labelSelector(JsonNode selector) {
    List<String> parts = new ArrayList<>();
    selector
        .path("matchLabels")
        .properties()
        .forEach(label -> parts.add(label.getKey() + "=" + label.getValue().asText()));
    for (JsonNode expression : selector.path("matchExpressions")) {
      String key = expression.path("key").asText();
      String values = "(" + text(expression.path("values")) + ")";
      parts.add(
          switch (expression.path("operator").asText()) {
            case "In" -> key + " in " + values;
            case "NotIn" -> key + " notin " + values;
            case "DoesNotExist" -> "!" + key;
            default -> key;
          });
    }
    return join(parts);
  }

  static String labels(JsonNode labels) {
    List<String> parts = new ArrayList<>();
    labels.properties().forEach(l -> parts.add(l.getKey() + "=" + l.getValue().asText()));
    return join(parts);
  }

  static String readyContainers(ObjectNode pod) {
    int ready = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      ready += status.path("ready").asBoolean() ? 1 : 0;
    }
    return ready + "/" + pod.at("/spec/containers").size();
  }

  static String podStatus(ObjectNode pod) {
    if (pod.path("metadata").has("deletionTimestamp")) {
      return "Terminating";
    }
    String phase = pod.at("/status/phase").asText();
    return phase.isEmpty() ? "Unknown" : phase;
  }

  static String restarts(ObjectNode pod) {
    int restarts = 0;
    for (JsonNode status : pod.at("/status/containerStatuses")) {
      restarts += status.path("restartCount").asInt();
    }
    return Integer.toString(restarts);
  }

  static String nodeStatus(ObjectNode node) {
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return "Unknown";
  }

  static String nodeRoles(ObjectNode node) {
    Set<String> roles = new TreeSet<>();
    node.at("/metadata/labels")
        .fieldNames()
        .forEachRemaining(label -> {
          if (label.startsWith(ROLE)) {
            roles.add(label.substring(ROLE.length()));
          }
        });
    return join(roles);
  }

  static String nodeAddress(ObjectNode node) {
    for (JsonNode address : node.at("/status/addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return address.path("address").asText();
      }
    }
    return NONE;
  }

  static String servicePorts(ObjectNode service) {
    List<String> ports = new ArrayList<>();
    for (JsonNode port : service.at("/spec/ports")) {
      int nodePort = port.path("nodePort").asInt();
      ports.add(
          port.path("port").asText()
              + (nodePort == 0 ? "" : ":" + nodePort)
              + "/"
              + port.path("protocol").asText("TCP"));
    }
    return join(ports);
  }

  static String sliceAddresses(ObjectNode slice) {
    ArrayNode addresses = slice.arrayNode();
    for (JsonNode endpoint : slice.path("endpoints")) {
      endpoint.path("addresses").forEach(addresses::add);
    }
    return shortened(addresses);
  }
}
