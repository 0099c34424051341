package io.margay.store.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.Function;

/** The columns of each kind: those that kubectl and calicoctl users know. */
public final class Columns {
  private static final String NONE = "<none>";

  private static final Column NAME =
      column("Name", "Name of the object", json -> json.at("/metadata/name").asText());
  private static final Column AGE =
      new Column("Age", "Time since the object was created", false, Columns::age);

  private Columns() {}

  /** The columns of a kind in order, the wide ones last; the first is the name. */
  public static List<Column> of(Kind kind) {
    List<Column> columns = new ArrayList<>();
    columns.add(NAME);
    List<Column> wide = new ArrayList<>();
    switch (kind) {
      case NAMESPACE -> columns.add(at("Status", "Phase of the namespace", "/status/phase"));
      case NODE -> {
        columns.add(column("Status", "Whether the node is ready", Columns::nodeStatus));
        wide.add(column("Internal-IP", "Address inside the cluster", Columns::internalIp));
      }
      case POD -> {
        columns.add(at("Status", "Phase of the pod", "/status/phase"));
        wide.add(column("IP", "Addresses of the pod", json -> list(json, "/status/podIPs", "/ip")));
        wide.add(at("Node", "Node on which the pod runs", "/spec/nodeName"));
      }
      case SERVICE_ACCOUNT -> {}
      case SERVICE -> {
        columns.add(at("Type", "Type of the service", "/spec/type"));
        columns.add(at("Cluster-IP", "Address inside the cluster", "/spec/clusterIP"));
        columns.add(column("Port(s)", "Ports of the service", Columns::servicePorts));
        wide.add(
            column("Selector", "Labels of its pods", json -> labels(json.at("/spec/selector"))));
      }
      case ENDPOINT_SLICE -> {
        columns.add(at("AddressType", "Family of the addresses", "/addressType"));
        columns.add(
            column("Ports", "Ports behind the service", json -> list(json, "/ports", "/port")));
        columns.add(column("Endpoints", "Addresses behind the service", Columns::endpoints));
      }
      case KUBERNETES_NETWORK_POLICY ->
          columns.add(
              column(
                  "Pod-Selector",
                  "Pods that the policy selects",
                  json -> selector(json.at("/spec/podSelector"))));
      case CLUSTER_NETWORK_POLICY -> {
        columns.add(at("Tier", "Admin or Baseline", "/spec/tier"));
        columns.add(at("Priority", "Lower is evaluated first", "/spec/priority"));
      }
      case TIER -> {
        columns.add(at("Order", "Lower is evaluated first", "/spec/order"));
        columns.add(
            at(
                "Default-Action",
                "What happens to traffic that no policy of the tier decides",
                "/spec/defaultAction"));
      }
      case NETWORK_POLICY, GLOBAL_NETWORK_POLICY -> policy(columns, wide);
      case STAGED_NETWORK_POLICY, STAGED_GLOBAL_NETWORK_POLICY -> {
        policy(columns, wide);
        columns.add(at("Staged-Action", "What enforcing it would do", "/spec/stagedAction"));
      }
      case STAGED_KUBERNETES_NETWORK_POLICY -> {
        columns.add(at("Staged-Action", "What enforcing it would do", "/spec/stagedAction"));
        wide.add(
            column(
                "Pod-Selector",
                "Pods that the policy selects",
                json -> selector(json.at("/spec/podSelector"))));
      }
      case NETWORK_SET, GLOBAL_NETWORK_SET ->
          columns.add(
              column("Nets", "Addresses of the set", json -> shortened(json.at("/spec/nets"))));
      case HOST_ENDPOINT -> {
        columns.add(at("Node", "Node of the interface", "/spec/node"));
        columns.add(at("Interface", "Name of the interface", "/spec/interfaceName"));
        wide.add(
            column(
                "IPs", "Addresses of the interface", json -> list(json, "/spec/expectedIPs", "")));
        wide.add(column("Profiles", "Profiles in order", json -> list(json, "/spec/profiles", "")));
      }
      case PROFILE ->
          wide.add(
              column(
                  "Labels",
                  "Labels that it applies",
                  json -> labels(json.at("/spec/labelsToApply"))));
    }
    columns.add(AGE);
    wide.forEach(c -> columns.add(new Column(c.name(), c.description(), true, c.value())));
    return List.copyOf(columns);
  }

  private static void policy(List<Column> columns, List<Column> wide) {
    columns.add(
        column("Tier", "Tier of the policy", json -> json.at("/spec/tier").asText("default")));
    wide.add(at("Order", "Lower is evaluated first", "/spec/order"));
    wide.add(
        column(
            "Selector",
            "Endpoints that the policy selects",
            json -> json.at("/spec/selector").asText("all()")));
  }

  private static Column column(
      String name, String description, Function<ObjectNode, String> value) {
    return new Column(name, description, false, (object, now) -> value.apply(object));
  }

  private static Column at(String name, String description, String pointer) {
    return column(name, description, json -> text(json.at(pointer)));
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() || node.isNull() || node.asText().isEmpty() ? NONE : node.asText();
  }

  private static String list(ObjectNode json, String pointer, String inner) {
    StringJoiner items = new StringJoiner(",");
    items.setEmptyValue(NONE);
    json.at(pointer)
        .forEach(item -> items.add(inner.isEmpty() ? item.asText() : item.at(inner).asText()));
    return items.toString();
  }

  /** A set may hold thousands: the first few say enough. */
  private static String shortened(JsonNode items) {
    StringJoiner shown = new StringJoiner(",");
    shown.setEmptyValue(NONE);
    for (int i = 0; i < Math.min(3, items.size()); i++) {
      shown.add(items.get(i).asText());
    }
    return items.size() > 3 ? shown + " + " + (items.size() - 3) + " more" : shown.toString();
  }

  private static String labels(JsonNode map) {
    StringJoiner labels = new StringJoiner(",");
    labels.setEmptyValue(NONE);
    for (Map.Entry<String, JsonNode> label : map.properties()) {
      labels.add(label.getKey() + "=" + label.getValue().asText());
    }
    return labels.toString();
  }

  private static String selector(JsonNode selector) {
    StringJoiner terms = new StringJoiner(",");
    terms.setEmptyValue(NONE);
    for (Map.Entry<String, JsonNode> label : selector.path("matchLabels").properties()) {
      terms.add(label.getKey() + "=" + label.getValue().asText());
    }
    for (JsonNode requirement : selector.path("matchExpressions")) {
      StringJoiner values = new StringJoiner(",", " (", ")");
      values.setEmptyValue("");
      requirement.path("values").forEach(value -> values.add(value.asText()));
      terms.add(
          switch (requirement.path("operator").asText()) {
            case "In" -> requirement.path("key").asText() + " in" + values;
            case "NotIn" -> requirement.path("key").asText() + " notin" + values;
            case "DoesNotExist" -> "!" + requirement.path("key").asText();
            default -> requirement.path("key").asText();
          });
    }
    return terms.toString();
  }

  private static String nodeStatus(ObjectNode node) {
    for (JsonNode condition : node.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True") ? "Ready" : "NotReady";
      }
    }
    return "Unknown";
  }

  private static String internalIp(ObjectNode node) {
    for (JsonNode address : node.at("/status/addresses")) {
      if (address.path("type").asText().equals("InternalIP")) {
        return address.path("address").asText();
      }
    }
    return NONE;
  }

  private static String servicePorts(ObjectNode service) {
    StringJoiner ports = new StringJoiner(",");
    ports.setEmptyValue(NONE);
    for (JsonNode port : service.at("/spec/ports")) {
      ports.add(port.path("port").asText() + "/" + port.path("protocol").asText("TCP"));
    }
    return ports.toString();
  }

  private static String endpoints(ObjectNode slice) {
    List<String> addresses = new ArrayList<>();
    slice
        .path("endpoints")
        .forEach(e -> e.path("addresses").forEach(a -> addresses.add(a.asText())));
    String shown = String.join(",", addresses.subList(0, Math.min(3, addresses.size())));
    if (addresses.size() > 3) {
      return shown + " + " + (addresses.size() - 3) + " more...";
    }
    return addresses.isEmpty() ? "<unset>" : shown;
  }

  /** As kubectl writes durations: two units at most, fewer the longer it is. */
  private static String age(ObjectNode object, Instant now) {
    String created = object.at("/metadata/creationTimestamp").asText();
    if (created.isEmpty()) {
      return "<unknown>";
    }
    Duration age;
    try {
      age = Duration.between(Instant.parse(created), now);
    } catch (DateTimeParseException e) {
      return "<invalid>";
    }
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return pair(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return pair(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return pair(days, "d", hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    return pair(days / 365, "y", days % 365, "d");
  }

  private static String pair(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
