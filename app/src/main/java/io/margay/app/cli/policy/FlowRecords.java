package io.margay.app.cli.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.margay.app.cli.CommandFailure;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Flows as {@code margay flows -o json} prints them, or as they are exported as lines of JSON. Only
 * what tells who spoke to whom is read.
 */
final class FlowRecords {
  private static final JsonMapper JSON = new JsonMapper();

  private FlowRecords() {}

  /** The flows of a file: objects one after the other, or in lists called {@code items}. */
  static List<Flow> read(Path file) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    try (MappingIterator<JsonNode> documents =
        JSON.readerFor(JsonNode.class).readValues(file.toFile())) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (document.path("items").isArray()) {
          document.path("items").forEach(records::add);
        } else {
          records.add(document);
        }
      }
    }
    return of(records, file.toString());
  }

  /**
   * Reads records.
   *
   * @param where they are from, for messages
   * @throws CommandFailure that names the first record which is none
   */
  static List<Flow> of(List<JsonNode> records, String where) {
    List<Flow> flows = new ArrayList<>(records.size());
    for (JsonNode record : records) {
      try {
        flows.add(flow(record, flows.size()));
      } catch (IllegalArgumentException | DateTimeParseException e) {
        throw new CommandFailure(
            "%s, flow %d: %s".formatted(where, flows.size() + 1, e.getMessage()), e);
      }
    }
    return flows;
  }

  private static Flow flow(JsonNode record, int number) {
    PolicyTrace trace =
        new PolicyTrace(
            action(record, "action"),
            action(record, record.has("pending_action") ? "pending_action" : "action"),
            hits(record.at("/policies/enforced")),
            List.of(),
            List.of());
    Reporter reporter =
        one(
            record,
            "reporter",
            Reporter.values(),
            r -> r.goldmaneName().equals(text(record, "reporter")));
    FlowKey key =
        new FlowKey(
            peer(record, "source"),
            peer(record, "dest"),
            record.path("dest_port").asInt(),
            null,
            protocol(text(record, "protocol")),
            reporter,
            trace);
    Instant start = Instant.parse(text(record, "start_time"));
    Instant end = Instant.parse(text(record, "end_time"));
    FlowCounters counters =
        new FlowCounters(0, 0, 0, 0, record.path("connections_started").asLong(), 0, 0);
    return new Flow(
        number,
        key,
        start,
        end,
        start,
        labels(record, "source"),
        labels(record, "dest"),
        counters,
        0);
  }

  /** One text, or a list in records that are exported. */
  private static List<String> labels(JsonNode record, String end) {
    JsonNode labels = record.path(end + "_labels");
    if (labels.isArray()) {
      return labels.valueStream().map(JsonNode::asText).toList();
    }
    return labels.asText().isEmpty() ? List.of() : List.of(labels.asText().split(" \\| "));
  }

  /** The rules that decided; none from records that are exported, which write them otherwise. */
  private static List<PolicyHit> hits(JsonNode trace) {
    List<PolicyHit> hits = new ArrayList<>();
    for (JsonNode hit : trace) {
      JsonNode trigger = hit.path("trigger");
      hits.add(
          new PolicyHit(
              hit.path("kind").asText(),
              hit.path("tier").asText(),
              hit.path("namespace").asText(),
              hit.path("name").asText(),
              action(hit, "action"),
              hit.path("policy_index").asInt(),
              hit.path("rule_index").asInt(),
              trigger.isObject() ? policy(trigger) : null));
    }
    return hits;
  }

  private static PolicyRef policy(JsonNode trigger) {
    return new PolicyRef(
        one(
            trigger,
            "kind",
            PolicyKind.values(),
            k -> k.goldmaneName().equals(text(trigger, "kind"))),
        text(trigger, "tier"),
        text(trigger, "namespace"),
        text(trigger, "name"));
  }

  private static FlowPeer peer(JsonNode record, String end) {
    String type = text(record, end + "_type");
    String name = text(record, end + "_name");
    return new FlowPeer(
        switch (name) {
          case "PUBLIC NETWORK" -> FlowPeer.PUBLIC;
          case "PRIVATE NETWORK" -> FlowPeer.PRIVATE;
          default -> name;
        },
        text(record, end + "_namespace"),
        one(record, end + "_type", FlowPeer.Type.values(), t -> t.goldmaneName().equals(type)));
  }

  private static RuleAction action(JsonNode record, String field) {
    String text = text(record, field);
    return one(record, field, RuleAction.values(), action -> action.toString().equals(text));
  }

  private static <E> E one(JsonNode record, String field, E[] all, Predicate<E> which) {
    return Arrays.stream(all)
        .filter(which)
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                field + " \"" + record.path(field).asText() + "\" is none that flows have"));
  }

  private static Protocol protocol(String name) {
    return switch (name) {
      case "icmp6" -> Protocol.ICMPV6;
      case "ipip" -> new Protocol(4);
      case "esp" -> new Protocol(50);
      default -> Protocol.parse(name);
    };
  }

  private static String text(JsonNode record, String field) {
    JsonNode value = record.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(
          field + " is missing: give what \"margay flows -o json\" prints");
    }
    return value.asText();
  }
}
