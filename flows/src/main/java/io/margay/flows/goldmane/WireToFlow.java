package io.margay.flows.goldmane;

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
import io.margay.model.net.Protocol;
import io.margay.model.resource.RuleAction;
import io.margay.model.verdict.PolicyKind;
import io.margay.model.verdict.PolicyRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Goldmane's messages as our flows. A reader is of one connection: what comes again and again
 * (peers, traces, labels) becomes one object, so that many flows do not hold many copies of it. Not
 * thread-safe.
 */
public final class WireToFlow {
  /** More than the policies and peers of a node; should there be more, they are told apart anew. */
  private static final int SHARED = 20_000;

  private static final int MOST_PORT = 65_535;

  /** Later moments are no times of flows: year 9999. */
  private static final long MOST_SECONDS = 253_402_300_799L;

  private static final Map<String, PolicyKind> KINDS =
      Arrays.stream(PolicyKind.values())
          .collect(Collectors.toMap(PolicyKind::goldmaneName, Function.identity()));

  private final Map<Object, Object> shared = new HashMap<>();

  /** A flow as it was sent, with the time that its sender gave it. */
  public record Received(
      Instant start,
      Instant end,
      FlowKey key,
      List<String> sourceLabels,
      List<String> destLabels,
      FlowCounters counters) {

    /** As an update of the bucket in which the flow begins. */
    public FlowUpdate update(FlowUpdate.Origin origin) {
      return new FlowUpdate(
          origin, BucketTime.bucketOf(start), key, sourceLabels, destLabels, counters);
    }
  }

  /** Reads a flow. */
  public Received flow(Wire.Flow wire) throws UnreadableMessage {
    if (!wire.hasKey()) {
      throw new UnreadableMessage("the flow has no key");
    }
    return new Received(
        moment("start_time", wire.getStartTime()),
        moment("end_time", wire.getEndTime()),
        key(wire.getKey()),
        labels(wire.getSourceLabelsList()),
        labels(wire.getDestLabelsList()),
        new FlowCounters(
            wire.getPacketsIn(),
            wire.getPacketsOut(),
            wire.getBytesIn(),
            wire.getBytesOut(),
            wire.getNumConnectionsStarted(),
            wire.getNumConnectionsCompleted(),
            wire.getNumConnectionsLive()));
  }

  private static Instant moment(String field, long seconds) throws UnreadableMessage {
    if (seconds < 0 || seconds > MOST_SECONDS) {
      throw new UnreadableMessage(field + " " + seconds + " is not in seconds since 1970");
    }
    return Instant.ofEpochSecond(seconds);
  }

  private List<String> labels(List<String> wire) {
    return shared(wire.stream().sorted().map(this::shared).toList());
  }

  private FlowKey key(Wire.FlowKey wire) throws UnreadableMessage {
    int dscp = wire.hasDscp() ? wire.getDscp() : FlowKey.UNKNOWN_DSCP;
    if (dscp < FlowKey.UNKNOWN_DSCP || dscp > 63) {
      throw new UnreadableMessage("dscp " + dscp + " is not between 0 and 63");
    }
    return new FlowKey(
        peer(wire.getSourceName(), wire.getSourceNamespace(), wire.getSourceType()),
        peer(wire.getDestName(), wire.getDestNamespace(), wire.getDestType()),
        port("dest_port", wire.getDestPort()),
        service(wire),
        protocol(wire.getProto()),
        reporter(wire.getReporter()),
        trace(wire.getAction(), wire.getPolicies()),
        dscp,
        shared(wire.getProcess()));
  }

  private FlowPeer peer(String name, String namespace, Wire.EndpointType type)
      throws UnreadableMessage {
    String known = namespace.isEmpty() ? FlowPeer.NO_NAMESPACE : namespace;
    return shared(new FlowPeer(name, known, type(type)));
  }

  /** An end of which nothing is said is some network. */
  private static FlowPeer.Type type(Wire.EndpointType type) throws UnreadableMessage {
    return switch (type) {
      case WorkloadEndpoint -> FlowPeer.Type.WORKLOAD_ENDPOINT;
      case HostEndpoint -> FlowPeer.Type.HOST_ENDPOINT;
      case NetworkSet -> FlowPeer.Type.NETWORK_SET;
      case Network, EndpointTypeUnspecified -> FlowPeer.Type.NETWORK;
      case UNRECOGNIZED -> throw new UnreadableMessage("an endpoint type is unknown");
    };
  }

  private static int port(String field, long port) throws UnreadableMessage {
    if (port < 0 || port > MOST_PORT) {
      throw new UnreadableMessage(field + " " + port + " is not between 0 and " + MOST_PORT);
    }
    return (int) port;
  }

  private @Nullable FlowService service(Wire.FlowKey wire) throws UnreadableMessage {
    String name = orNone(wire.getDestServiceName());
    return name.isEmpty()
        ? null
        : shared(
            new FlowService(
                name,
                orNone(wire.getDestServiceNamespace()),
                orNone(wire.getDestServicePortName()),
                port("dest_service_port", wire.getDestServicePort())));
  }

  private static String orNone(String text) {
    return text.equals(FlowPeer.NO_NAMESPACE) ? "" : text;
  }

  /** The names that flow records use, in any case, or a number. */
  static Protocol protocol(String text) throws UnreadableMessage {
    try {
      return switch (text.toLowerCase(Locale.ROOT)) {
        case "icmp6" -> Protocol.ICMPV6;
        case "ipip" -> new Protocol(4);
        case "esp" -> new Protocol(50);
        default -> Protocol.parse(text);
      };
    } catch (IllegalArgumentException e) {
      throw new UnreadableMessage("proto: " + e.getMessage());
    }
  }

  private static Reporter reporter(Wire.Reporter wire) throws UnreadableMessage {
    return switch (wire) {
      case Src -> Reporter.SOURCE;
      case Dst -> Reporter.DESTINATION;
      case ReporterUnspecified, UNRECOGNIZED ->
          throw new UnreadableMessage("reporter must be Src or Dst");
    };
  }

  private PolicyTrace trace(Wire.Action action, Wire.PolicyTrace wire) throws UnreadableMessage {
    RuleAction enforced = action("action", action);
    List<PolicyHit> pending = hits(wire.getPendingPoliciesList());
    return shared(
        new PolicyTrace(
            enforced,
            pendingAction(wire.getPendingAction(), enforced, pending),
            hits(wire.getEnforcedPoliciesList()),
            pending,
            logs(wire.getLogsList())));
  }

  /** Goldmane does not tell the pending verdict: its trace's last step gave it, if it gave one. */
  private static RuleAction pendingAction(
      Wire.Action told, RuleAction enforced, List<PolicyHit> pending) throws UnreadableMessage {
    if (told != Wire.Action.ActionUnspecified) {
      return action("pending_action", told);
    }
    if (pending.isEmpty() || pending.getLast().action() == RuleAction.PASS) {
      return enforced;
    }
    return pending.getLast().action();
  }

  private List<PolicyHit> hits(List<Wire.PolicyHit> wire) throws UnreadableMessage {
    List<PolicyHit> hits = new ArrayList<>(wire.size());
    for (Wire.PolicyHit hit : wire) {
      hits.add(hit(hit, action("a policy's action", hit.getAction())));
    }
    return hits;
  }

  private List<PolicyHit> logs(List<Wire.PolicyHit> wire) throws UnreadableMessage {
    List<PolicyHit> hits = new ArrayList<>(wire.size());
    for (Wire.PolicyHit hit : wire) {
      hits.add(hit(hit, RuleAction.LOG));
    }
    return hits;
  }

  private PolicyHit hit(Wire.PolicyHit wire, RuleAction action) throws UnreadableMessage {
    if (wire.getKind() == Wire.PolicyKind.UNRECOGNIZED) {
      throw new UnreadableMessage("a policy's kind " + wire.getKindValue() + " is unknown");
    }
    return shared(
        new PolicyHit(
            wire.getKind().name(),
            wire.getTier(),
            wire.getNamespace(),
            wire.getName(),
            action,
            Math.toIntExact(Math.clamp(wire.getPolicyIndex(), 0, Integer.MAX_VALUE)),
            Math.toIntExact(Math.clamp(wire.getRuleIndex(), -1, Integer.MAX_VALUE)),
            wire.hasTrigger() ? trigger(wire.getTrigger()) : null));
  }

  /** A trigger without a kind names nothing. */
  private @Nullable PolicyRef trigger(Wire.PolicyHit wire) {
    PolicyKind kind = KINDS.get(wire.getKind().name());
    return kind == null
        ? null
        : shared(new PolicyRef(kind, wire.getTier(), wire.getNamespace(), wire.getName()));
  }

  static RuleAction action(String field, Wire.Action wire) throws UnreadableMessage {
    return switch (wire) {
      case Allow -> RuleAction.ALLOW;
      case Deny -> RuleAction.DENY;
      case Pass -> RuleAction.PASS;
      case ActionUnspecified, UNRECOGNIZED ->
          throw new UnreadableMessage(field + " must be Allow, Deny or Pass");
    };
  }

  /** The first object that was equal to this one. */
  @SuppressWarnings("unchecked") // equal records and texts are of one class
  private <T> T shared(T value) {
    if (shared.size() > SHARED) {
      shared.clear();
    }
    Object first = shared.putIfAbsent(value, value);
    return first == null ? value : (T) first;
  }
}
