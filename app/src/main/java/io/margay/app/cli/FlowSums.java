package io.margay.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Flows added up by group. */
final class FlowSums {
  static final List<String> COLUMNS =
      List.of("GROUP", "FLOWS", "CONNS", "DENIED", "PACKETS", "BYTES");
  private static final JsonMapper JSON = new JsonMapper();

  private FlowSums() {}

  /**
   * A group's sums.
   *
   * @param connections that began, denied attempts among them
   * @param denied attempts that were denied
   */
  record Sum(String group, long flows, long connections, long denied, long packets, long bytes) {
    private Sum plus(Sum other) {
      return new Sum(
          group,
          flows + other.flows,
          connections + other.connections,
          denied + other.denied,
          packets + other.packets,
          bytes + other.bytes);
    }

    List<String> cells() {
      return List.of(
          group,
          Long.toString(flows),
          Long.toString(connections),
          Long.toString(denied),
          Long.toString(packets),
          Long.toString(bytes));
    }

    ObjectNode json() {
      return JSON.createObjectNode()
          .put("group", group)
          .put("flows", flows)
          .put("connections", connections)
          .put("denied", denied)
          .put("packets", packets)
          .put("bytes", bytes);
    }
  }

  /** The groups, those with the most denials first, then those with the most bytes. */
  static List<Sum> of(List<JsonNode> flows, FlowGroup group) {
    Map<String, Sum> sums = new LinkedHashMap<>();
    for (JsonNode flow : flows) {
      String name = group.of(flow);
      sums.merge(name, of(name, flow), Sum::plus);
    }
    return sums.values().stream()
        .sorted(
            Comparator.comparingLong(Sum::denied)
                .thenComparingLong(Sum::bytes)
                .reversed()
                .thenComparing(Sum::group))
        .toList();
  }

  private static Sum of(String name, JsonNode flow) {
    long started = flow.path("connections_started").asLong();
    return new Sum(
        name,
        1,
        started,
        flow.path("action").asText().equals("Deny") ? started : 0,
        flow.path("packets_in").asLong() + flow.path("packets_out").asLong(),
        flow.path("bytes_in").asLong() + flow.path("bytes_out").asLong());
  }
}
