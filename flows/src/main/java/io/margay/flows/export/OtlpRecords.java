package io.margay.flows.export;

import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.PolicyHit;
import io.margay.flows.export.proto.Otlp;
import io.margay.model.resource.RuleAction;
import java.time.Instant;
import java.util.List;

/** Exported flows as OTLP log records. */
final class OtlpRecords {
  private static final int INFO = 9;
  private static final int WARN = 13;

  private OtlpRecords() {}

  static Otlp.ExportLogsServiceRequest request(List<ExportedFlow> flows, Instant now) {
    Otlp.ScopeLogs.Builder scope =
        Otlp.ScopeLogs.newBuilder().setScope(Otlp.Scope.newBuilder().setName("margay.flows"));
    flows.forEach(flow -> scope.addLogRecords(record(flow, now)));
    return Otlp.ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            Otlp.ResourceLogs.newBuilder()
                .setResource(
                    Otlp.Resource.newBuilder().addAttributes(attribute("service.name", "margay")))
                .addScopeLogs(scope))
        .build();
  }

  private static Otlp.LogRecord record(ExportedFlow flow, Instant now) {
    FlowKey key = flow.key();
    boolean denied = key.trace().action() == RuleAction.DENY;
    Otlp.LogRecord.Builder record =
        Otlp.LogRecord.newBuilder()
            .setTimeUnixNano(nanos(flow.start()))
            .setObservedTimeUnixNano(nanos(now))
            .setSeverityNumber(denied ? WARN : INFO)
            .setSeverityText(denied ? "WARN" : "INFO")
            .setEventName("margay.flow")
            .setBody(text(summary(key)))
            .addAttributes(attribute("margay.flow.action", key.trace().action().toString()))
            .addAttributes(
                attribute("margay.flow.pending_action", key.trace().pendingAction().toString()))
            .addAttributes(attribute("margay.flow.reporter", key.reporter().goldmaneName()))
            .addAttributes(attribute("margay.flow.end_time", flow.end().toString()))
            .addAttributes(attribute("network.transport", key.protocolName()))
            .addAttributes(attribute("destination.port", key.destPort()));
    addPeer("source", key.source(), flow.sourceLabels(), record);
    addPeer("destination", key.dest(), flow.destLabels(), record);
    FlowService service = key.service();
    if (service != null) {
      record
          .addAttributes(attribute("margay.destination.service.name", service.name()))
          .addAttributes(attribute("margay.destination.service.namespace", service.namespace()))
          .addAttributes(attribute("margay.destination.service.port", service.port()));
    }
    if (key.dscp() != FlowKey.UNKNOWN_DSCP) {
      record.addAttributes(attribute("margay.flow.dscp", key.dscp()));
    }
    if (!key.process().isEmpty()) {
      record.addAttributes(attribute("process.executable.name", key.process()));
    }
    addHits("margay.policies.enforced", key.trace().enforced(), record);
    addHits("margay.policies.pending", key.trace().pending(), record);
    return record
        .addAttributes(attribute("margay.flow.packets_in", flow.counters().packetsIn()))
        .addAttributes(attribute("margay.flow.packets_out", flow.counters().packetsOut()))
        .addAttributes(attribute("margay.flow.bytes_in", flow.counters().bytesIn()))
        .addAttributes(attribute("margay.flow.bytes_out", flow.counters().bytesOut()))
        .addAttributes(attribute("margay.flow.connections_started", flow.counters().started()))
        .addAttributes(attribute("margay.flow.connections_completed", flow.counters().completed()))
        .addAttributes(attribute("margay.flow.connections_live", flow.counters().live()))
        .build();
  }

  private static String summary(FlowKey key) {
    return "%s %s/%s > %s/%s:%d %s"
        .formatted(
            key.trace().action(),
            key.source().namespace(),
            key.source().name(),
            key.dest().namespace(),
            key.dest().name(),
            key.destPort(),
            key.protocolName());
  }

  private static void addPeer(
      String end, FlowPeer peer, List<String> labels, Otlp.LogRecord.Builder record) {
    record
        .addAttributes(attribute("margay." + end + ".name", peer.name()))
        .addAttributes(attribute("margay." + end + ".namespace", peer.namespace()))
        .addAttributes(attribute("margay." + end + ".type", peer.type().goldmaneName()))
        .addAttributes(attribute("margay." + end + ".labels", labels));
  }

  private static void addHits(String name, List<PolicyHit> hits, Otlp.LogRecord.Builder record) {
    record.addAttributes(attribute(name, hits.stream().map(ExportJson::text).toList()));
  }

  private static Otlp.KeyValue attribute(String key, String value) {
    return attribute(key, text(value));
  }

  private static Otlp.KeyValue attribute(String key, long value) {
    return attribute(key, Otlp.AnyValue.newBuilder().setIntValue(value).build());
  }

  private static Otlp.KeyValue attribute(String key, List<String> values) {
    Otlp.ArrayValue.Builder array = Otlp.ArrayValue.newBuilder();
    values.forEach(value -> array.addValues(text(value)));
    return attribute(key, Otlp.AnyValue.newBuilder().setArrayValue(array).build());
  }

  private static Otlp.KeyValue attribute(String key, Otlp.AnyValue value) {
    return Otlp.KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static Otlp.AnyValue text(String value) {
    return Otlp.AnyValue.newBuilder().setStringValue(value).build();
  }

  private static long nanos(Instant at) {
    return at.getEpochSecond() * 1_000_000_000L + at.getNano();
  }
}
