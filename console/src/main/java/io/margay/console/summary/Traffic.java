package io.margay.console.summary;

import com.fasterxml.jackson.core.JsonGenerator;
import io.margay.console.flow.FlowId;
import io.margay.console.flow.FlowJson;
import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.query.StringMatch;
import io.margay.flows.query.TimeRange;
import io.margay.flows.query.Volume;
import io.margay.model.resource.RuleAction;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What goes to something and comes from it.
 *
 * @param inbound by the verdict of its own ingress policies, the largest first
 * @param outbound by the verdict of its own egress policies
 * @param denied the newest flows that either end denied
 */
record Traffic(List<PeerTraffic> inbound, List<PeerTraffic> outbound, List<Flow> denied) {
  private static final int MOST_PEERS = 200;
  private static final int MOST_DENIED = 50;

  /** More flows than that are not looked at: the rest is in the list of flows. */
  private static final int MOST_FLOWS = 10_000;

  /** A far end, and how it is spoken with. */
  private record Pair(FlowPeer peer, String protocol, int port) {}

  /** All that was exchanged with a far end. */
  record PeerTraffic(
      FlowPeer peer,
      String protocol,
      int port,
      Volume allowed,
      Volume denied,
      Volume pendingDiffers,
      Instant lastSeen,
      FlowId newest) {}

  /**
   * Reads it.
   *
   * @param namespace of the near end; {@value FlowPeer#NO_NAMESPACE} for none
   * @param name of the near end as flows have it; null for all of the namespace
   */
  static Traffic read(FlowReader reader, TimeRange range, String namespace, @Nullable String name) {
    List<StringMatch> names = name == null ? List.of() : List.of(StringMatch.exact(name));
    List<StringMatch> namespaces = List.of(StringMatch.exact(namespace));
    List<Flow> inbound =
        flows(reader, range, to(names, namespaces, Reporter.DESTINATION, List.of()), MOST_FLOWS);
    List<Flow> outbound =
        flows(reader, range, from(names, namespaces, Reporter.SOURCE, List.of()), MOST_FLOWS);
    List<RuleAction> deny = List.of(RuleAction.DENY);
    List<Flow> denied = new ArrayList<>();
    denied.addAll(flows(reader, range, to(names, namespaces, null, deny), MOST_DENIED));
    denied.addAll(flows(reader, range, from(names, namespaces, null, deny), MOST_DENIED));
    return new Traffic(
        sum(inbound, true),
        sum(outbound, false),
        denied.stream().distinct().sorted(FlowOrder.TIME.comparator()).limit(MOST_DENIED).toList());
  }

  private static FlowFilter to(
      List<StringMatch> names,
      List<StringMatch> namespaces,
      @Nullable Reporter reporter,
      List<RuleAction> actions) {
    return new FlowFilter(
        List.of(),
        List.of(),
        names,
        namespaces,
        List.of(),
        List.of(),
        List.of(),
        actions,
        List.of(),
        List.of(),
        reporter,
        false);
  }

  private static FlowFilter from(
      List<StringMatch> names,
      List<StringMatch> namespaces,
      @Nullable Reporter reporter,
      List<RuleAction> actions) {
    return new FlowFilter(
        names,
        namespaces,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        actions,
        List.of(),
        List.of(),
        reporter,
        false);
  }

  private static List<Flow> flows(FlowReader reader, TimeRange range, FlowFilter filter, int most) {
    return reader.list(range, filter, FlowOrder.TIME, new Page.Request(0, most)).items();
  }

  private static List<PeerTraffic> sum(List<Flow> flows, boolean inbound) {
    Map<Pair, PeerTraffic> sums = new HashMap<>();
    for (Flow flow : flows) {
      FlowKey key = flow.key();
      FlowPeer peer = inbound ? key.source() : key.dest();
      Pair pair = new Pair(peer, key.protocolName(), key.destPort());
      sums.merge(pair, of(flow, peer), Traffic::plus);
    }
    return sums.values().stream()
        .sorted(Comparator.comparingLong((PeerTraffic peer) -> bytes(peer)).reversed())
        .limit(MOST_PEERS)
        .toList();
  }

  private static long bytes(PeerTraffic peer) {
    return peer.allowed().bytes() + peer.denied().bytes();
  }

  private static PeerTraffic of(Flow flow, FlowPeer peer) {
    Volume volume = Volume.of(flow.counters());
    boolean denied = flow.key().trace().action() == RuleAction.DENY;
    return new PeerTraffic(
        peer,
        flow.key().protocolName(),
        flow.key().destPort(),
        denied ? Volume.NONE : volume,
        denied ? volume : Volume.NONE,
        flow.key().trace().pendingDiffers() ? volume : Volume.NONE,
        flow.end(),
        FlowId.of(flow));
  }

  private static PeerTraffic plus(PeerTraffic one, PeerTraffic other) {
    boolean later = other.lastSeen().isAfter(one.lastSeen());
    return new PeerTraffic(
        one.peer(),
        one.protocol(),
        one.port(),
        one.allowed().plus(other.allowed()),
        one.denied().plus(other.denied()),
        one.pendingDiffers().plus(other.pendingDiffers()),
        later ? other.lastSeen() : one.lastSeen(),
        later ? other.newest() : one.newest());
  }

  void write(JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("traffic");
    write("inbound", inbound, json);
    write("outbound", outbound, json);
    FlowJson.writeFlows("denied", denied, json);
    json.writeEndObject();
  }

  private static void write(String field, List<PeerTraffic> peers, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (PeerTraffic traffic : peers) {
      json.writeStartObject();
      json.writeStringField("name", FlowJson.displayName(traffic.peer().name()));
      json.writeStringField("namespace", traffic.peer().namespace());
      json.writeStringField("type", traffic.peer().type().goldmaneName());
      json.writeStringField("protocol", traffic.protocol());
      json.writeNumberField("port", traffic.port());
      FlowJson.writeVolume("allowed", traffic.allowed(), json);
      FlowJson.writeVolume("denied", traffic.denied(), json);
      FlowJson.writeVolume("pending_differs", traffic.pendingDiffers(), json);
      json.writeStringField("last_seen", traffic.lastSeen().toString());
      json.writeStringField("flow_id", traffic.newest().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
