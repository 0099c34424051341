package io.margay.flows.goldmane;

import io.margay.flows.Flow;
import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyHit;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.BucketTime;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyRef;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Our flows as Goldmane's messages. */
public final class FlowToWire {
  private FlowToWire() {}

  /** A flow with the number that stands for its key. */
  public static Wire.FlowResult result(Flow flow) {
    return Wire.FlowResult.newBuilder()
        .setId(flow.keyNumber())
        .setFlow(
            flow(
                flow.key(),
                flow.start(),
                flow.end(),
                flow.sourceLabels(),
                flow.destLabels(),
                flow.counters()))
        .build();
  }

  /**
   * What a node sends.
   *
   * @param dropped what the node did not tell since its start, by reason; empty when that has not
   *     changed since it was told last
   */
  public static Wire.FlowUpdate update(FlowUpdate update, String node, Map<String, Long> dropped) {
    return Wire.FlowUpdate.newBuilder()
        .setFlow(
            flow(
                update.key(),
                update.bucket(),
                update.bucket().plus(BucketTime.LENGTH),
                update.sourceLabels(),
                update.destLabels(),
                update.counters()))
        .setSender(
            Wire.Sender.newBuilder()
                .setLife(update.origin().sender())
                .setSequence(update.origin().sequence())
                .setNode(node)
                .putAllDropped(dropped))
        .build();
  }

  private static Wire.Flow flow(
      FlowKey key,
      Instant start,
      Instant end,
      List<String> sourceLabels,
      List<String> destLabels,
      FlowCounters counters) {
    return Wire.Flow.newBuilder()
        .setKey(key(key))
        .setStartTime(start.getEpochSecond())
        .setEndTime(end.getEpochSecond())
        .addAllSourceLabels(sourceLabels)
        .addAllDestLabels(destLabels)
        .setPacketsIn(counters.packetsIn())
        .setPacketsOut(counters.packetsOut())
        .setBytesIn(counters.bytesIn())
        .setBytesOut(counters.bytesOut())
        .setNumConnectionsStarted(counters.started())
        .setNumConnectionsCompleted(counters.completed())
        .setNumConnectionsLive(counters.live())
        .build();
  }

  private static Wire.FlowKey key(FlowKey key) {
    Wire.FlowKey.Builder wire =
        Wire.FlowKey.newBuilder()
            .setSourceName(key.source().name())
            .setSourceNamespace(key.source().namespace())
            .setSourceType(type(key.source().type()))
            .setDestName(key.dest().name())
            .setDestNamespace(key.dest().namespace())
            .setDestType(type(key.dest().type()))
            .setDestPort(key.destPort())
            .setProto(key.protocolName())
            .setReporter(reporter(key.reporter()))
            .setAction(action(key.trace().action()))
            .setPolicies(trace(key.trace()))
            .setProcess(key.process());
    FlowService service = key.service();
    if (service == null) {
      wire.setDestServiceName(FlowPeer.NO_NAMESPACE)
          .setDestServiceNamespace(FlowPeer.NO_NAMESPACE)
          .setDestServicePortName(FlowPeer.NO_NAMESPACE);
    } else {
      wire.setDestServiceName(service.name())
          .setDestServiceNamespace(service.namespace())
          .setDestServicePortName(
              service.portName().isEmpty() ? FlowPeer.NO_NAMESPACE : service.portName())
          .setDestServicePort(service.port());
    }
    if (key.dscp() != FlowKey.UNKNOWN_DSCP) {
      wire.setDscp(key.dscp());
    }
    return wire.build();
  }

  private static Wire.PolicyTrace trace(PolicyTrace trace) {
    Wire.PolicyTrace.Builder wire =
        Wire.PolicyTrace.newBuilder().setPendingAction(action(trace.pendingAction()));
    inOrder(trace.enforced()).forEach(hit -> wire.addEnforcedPolicies(hit(hit)));
    inOrder(trace.pending()).forEach(hit -> wire.addPendingPolicies(hit(hit)));
    trace.logs().forEach(hit -> wire.addLogs(hit(hit)));
    return wire.build();
  }

  private static List<PolicyHit> inOrder(List<PolicyHit> hits) {
    return hits.stream().sorted(Comparator.comparingInt(PolicyHit::policyIndex)).toList();
  }

  /** A step of a trace. */
  static Wire.PolicyHit hit(PolicyHit hit) {
    Wire.PolicyHit.Builder wire =
        Wire.PolicyHit.newBuilder()
            .setKind(Wire.PolicyKind.valueOf(hit.kind()))
            .setNamespace(hit.namespace())
            .setName(hit.name())
            .setTier(hit.tier())
            .setAction(action(hit.action()))
            .setPolicyIndex(hit.policyIndex())
            .setRuleIndex(hit.ruleIndex());
    PolicyRef trigger = hit.trigger();
    if (trigger != null) {
      wire.setTrigger(
          Wire.PolicyHit.newBuilder()
              .setKind(Wire.PolicyKind.valueOf(trigger.kind().goldmaneName()))
              .setNamespace(trigger.namespace())
              .setName(trigger.name())
              .setTier(trigger.tier()));
    }
    return wire.build();
  }

  private static Wire.EndpointType type(FlowPeer.Type type) {
    return switch (type) {
      case WORKLOAD_ENDPOINT -> Wire.EndpointType.WorkloadEndpoint;
      case HOST_ENDPOINT -> Wire.EndpointType.HostEndpoint;
      case NETWORK_SET -> Wire.EndpointType.NetworkSet;
      case NETWORK -> Wire.EndpointType.Network;
    };
  }

  private static Wire.Reporter reporter(Reporter reporter) {
    return switch (reporter) {
      case SOURCE -> Wire.Reporter.Src;
      case DESTINATION -> Wire.Reporter.Dst;
    };
  }

  /** Goldmane has no Log action. */
  static Wire.Action action(RuleAction action) {
    return switch (action) {
      case ALLOW -> Wire.Action.Allow;
      case DENY -> Wire.Action.Deny;
      case PASS -> Wire.Action.Pass;
      case LOG -> Wire.Action.ActionUnspecified;
    };
  }
}
