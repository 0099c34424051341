package io.margay.console.flow;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.margay.console.http.Json;
import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.query.Volume;
import io.margay.model.verdict.Hit;
import io.margay.model.verdict.PolicyRef;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON of a flow. */
public final class FlowJson {
  static final String PUBLIC_NETWORK = "PUBLIC NETWORK";
  static final String PRIVATE_NETWORK = "PRIVATE NETWORK";

  private FlowJson() {}

  /** Who is spoken to. */
  enum Dialect {
    /** The fields that Whisker's backend serves, and no others. */
    WHISKER,
    /** All that is known. */
    OURS
  }

  /** A field with flows, all that is known of them. */
  public static void writeFlows(String field, List<Flow> flows, JsonGenerator json)
      throws IOException {
    writeFlows(field, flows, Dialect.OURS, json);
  }

  static void writeFlows(String field, List<Flow> flows, Dialect dialect, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (Flow flow : flows) {
      write(flow, dialect, json);
    }
    json.writeEndArray();
  }

  /** A flow, all that is known of it. */
  public static void write(Flow flow, JsonGenerator json) throws IOException {
    write(flow, Dialect.OURS, json);
  }

  /** A field with a volume. */
  public static void writeVolume(String field, Volume volume, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(field);
    json.writeNumberField("connections", volume.connections());
    json.writeNumberField("packets", volume.packets());
    json.writeNumberField("bytes", volume.bytes());
    json.writeEndObject();
  }

  static void write(Flow flow, Dialect dialect, JsonGenerator json) throws IOException {
    FlowKey key = flow.key();
    FlowCounters counters = flow.counters();
    boolean all = dialect == Dialect.OURS;
    json.writeStartObject();
    if (all) {
      json.writeStringField("id", flow.keyNumber() + "-" + flow.bucket().getEpochSecond());
      json.writeNumberField("flow_key", flow.keyNumber());
    }
    json.writeStringField("start_time", flow.start().toString());
    json.writeStringField("end_time", flow.end().toString());
    json.writeStringField("action", key.trace().action().toString());
    if (all) {
      json.writeStringField("pending_action", key.trace().pendingAction().toString());
    }
    writePeer("source", key.source(), flow.sourceLabels(), all, json);
    writePeer("dest", key.dest(), flow.destLabels(), all, json);
    json.writeNumberField("dest_port", key.destPort());
    if (all) {
      writeService(key.service(), json);
    }
    json.writeStringField("protocol", key.protocolName());
    json.writeStringField("reporter", key.reporter().goldmaneName());
    writePolicies(key.trace(), json);
    if (all) {
      writeHits("logs", key.trace().logs(), json);
    }
    json.writeNumberField("packets_in", counters.packetsIn());
    json.writeNumberField("packets_out", counters.packetsOut());
    json.writeNumberField("bytes_in", counters.bytesIn());
    json.writeNumberField("bytes_out", counters.bytesOut());
    if (all) {
      json.writeNumberField("connections_started", counters.started());
      json.writeNumberField("connections_completed", counters.completed());
      json.writeNumberField("connections_live", counters.live());
    }
    json.writeEndObject();
  }

  private static void writePeer(
      String end, FlowPeer peer, List<String> labels, boolean all, JsonGenerator json)
      throws IOException {
    json.writeStringField(end + "_name", displayName(peer.name()));
    json.writeStringField(end + "_namespace", peer.namespace());
    if (all) {
      json.writeStringField(end + "_type", peer.type().goldmaneName());
    }
    json.writeStringField(end + "_labels", String.join(" | ", labels));
  }

  /** A trace as a tree, its hits as flows have them. */
  public static JsonNode hits(List<Hit> trace) {
    return Json.tree(
            json -> {
              json.writeStartObject();
              writeHits("hits", PolicyHit.of(trace), json);
              json.writeEndObject();
            })
        .path("hits");
  }

  /** Whisker's words for addresses that belong to nobody here. */
  public static String displayName(String name) {
    return switch (name) {
      case FlowPeer.PUBLIC -> PUBLIC_NETWORK;
      case FlowPeer.PRIVATE -> PRIVATE_NETWORK;
      default -> name;
    };
  }

  /** What records keep for a name that {@link #displayName} gave. */
  public static String recordedName(String shown) {
    return switch (shown) {
      case PUBLIC_NETWORK -> FlowPeer.PUBLIC;
      case PRIVATE_NETWORK -> FlowPeer.PRIVATE;
      default -> shown;
    };
  }

  private static void writeService(@Nullable FlowService service, JsonGenerator json)
      throws IOException {
    if (service == null) {
      json.writeNullField("dest_service");
      return;
    }
    json.writeObjectFieldStart("dest_service");
    json.writeStringField("name", service.name());
    json.writeStringField("namespace", service.namespace());
    json.writeStringField("port_name", service.portName());
    json.writeNumberField("port", service.port());
    json.writeEndObject();
  }

  private static void writePolicies(PolicyTrace trace, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("policies");
    writeHits("enforced", trace.enforced(), json);
    writeHits("pending", trace.pending(), json);
    json.writeEndObject();
  }

  /** A field with a list of hits; an empty list stays a list. */
  public static void writeHits(String field, List<PolicyHit> hits, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (PolicyHit hit : hits) {
      json.writeStartObject();
      json.writeStringField("kind", hit.kind());
      json.writeStringField("name", hit.name());
      json.writeStringField("namespace", hit.namespace());
      json.writeStringField("tier", hit.tier());
      json.writeStringField("action", hit.action().toString());
      json.writeNumberField("policy_index", hit.policyIndex());
      json.writeNumberField("rule_index", hit.ruleIndex());
      writeTrigger(hit.trigger(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** A trigger has the shape of a hit, though only its identity says something. */
  private static void writeTrigger(@Nullable PolicyRef trigger, JsonGenerator json)
      throws IOException {
    if (trigger == null) {
      json.writeNullField("trigger");
      return;
    }
    json.writeObjectFieldStart("trigger");
    json.writeStringField("kind", trigger.kind().goldmaneName());
    json.writeStringField("name", trigger.name());
    json.writeStringField("namespace", trigger.namespace());
    json.writeStringField("tier", trigger.tier());
    json.writeStringField("action", "ActionUnspecified");
    json.writeNumberField("policy_index", 0);
    json.writeNumberField("rule_index", 0);
    json.writeNullField("trigger");
    json.writeEndObject();
  }
}
