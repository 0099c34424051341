package io.margay.flows.export;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.model.verdict.PolicyRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** An exported flow as one JSON object. The fields are described in docs/goldmane.md. */
final class ExportJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ExportJson() {}

  static byte[] bytes(ExportedFlow flow) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      write(flow, json);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return bytes.toByteArray();
  }

  private static void write(ExportedFlow flow, JsonGenerator json) throws IOException {
    FlowKey key = flow.key();
    FlowCounters counters = flow.counters();
    json.writeStartObject();
    json.writeStringField("start_time", flow.start().toString());
    json.writeStringField("end_time", flow.end().toString());
    json.writeStringField("action", key.trace().action().toString());
    json.writeStringField("pending_action", key.trace().pendingAction().toString());
    json.writeStringField("reporter", key.reporter().goldmaneName());
    writePeer("source", key.source(), flow.sourceLabels(), json);
    writePeer("dest", key.dest(), flow.destLabels(), json);
    json.writeNumberField("dest_port", key.destPort());
    json.writeStringField("protocol", key.protocolName());
    writeService(key, json);
    if (key.dscp() != FlowKey.UNKNOWN_DSCP) {
      json.writeNumberField("dscp", key.dscp());
    }
    if (!key.process().isEmpty()) {
      json.writeStringField("process", key.process());
    }
    writeHits("enforced", key.trace().enforced(), json);
    writeHits("pending", key.trace().pending(), json);
    writeHits("logs", key.trace().logs(), json);
    json.writeNumberField("packets_in", counters.packetsIn());
    json.writeNumberField("packets_out", counters.packetsOut());
    json.writeNumberField("bytes_in", counters.bytesIn());
    json.writeNumberField("bytes_out", counters.bytesOut());
    json.writeNumberField("connections_started", counters.started());
    json.writeNumberField("connections_completed", counters.completed());
    json.writeNumberField("connections_live", counters.live());
    json.writeEndObject();
  }

  private static void writePeer(String end, FlowPeer peer, List<String> labels, JsonGenerator json)
      throws IOException {
    json.writeStringField(end + "_name", peer.name());
    json.writeStringField(end + "_namespace", peer.namespace());
    json.writeStringField(end + "_type", peer.type().goldmaneName());
    json.writeArrayFieldStart(end + "_labels");
    for (String label : labels) {
      json.writeString(label);
    }
    json.writeEndArray();
  }

  private static void writeService(FlowKey key, JsonGenerator json) throws IOException {
    FlowService service = key.service();
    if (service != null) {
      json.writeStringField("dest_service_name", service.name());
      json.writeStringField("dest_service_namespace", service.namespace());
      json.writeStringField("dest_service_port_name", service.portName());
      json.writeNumberField("dest_service_port", service.port());
    }
  }

  private static void writeHits(String field, List<PolicyHit> hits, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (PolicyHit hit : hits) {
      json.writeString(text(hit));
    }
    json.writeEndArray();
  }

  /** As Felix writes hits: {@code index|tier|kind:namespace/name|action|rule}. */
  static String text(PolicyHit hit) {
    PolicyRef trigger = hit.trigger();
    String policy =
        trigger == null
            ? hit.kind() + ":" + name(hit.namespace(), hit.name())
            : trigger.kind().goldmaneName() + ":" + name(trigger.namespace(), trigger.name());
    return "%d|%s|%s|%s|%d"
        .formatted(hit.policyIndex(), hit.tier(), policy, hit.action(), hit.ruleIndex());
  }

  private static String name(String namespace, String name) {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
