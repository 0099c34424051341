package io.margay.flows.export;

import static io.margay.flows.Fixtures.ALLOWED;
import static io.margay.flows.Fixtures.T0;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import java.util.List;
import java.util.stream.IntStream;

/** Flows to export; the destination port tells them apart. */
final class Flows {
  private Flows() {}

  static FlowKey key(int port) {
    return new FlowKey(
        new FlowPeer("web-*", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        new FlowPeer("cart-*", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        port,
        new FlowService("cart", "shop", "http", 80),
        Protocol.TCP,
        Reporter.DESTINATION,
        PolicyTrace.of(ALLOWED),
        46,
        "cartd");
  }

  static ExportedFlow flow(int port) {
    return new ExportedFlow(
        T0,
        key(port),
        List.of("app=web"),
        List.of("app=cart"),
        new FlowCounters(3, 2, 180, 120, 1, 0, 1));
  }

  static List<ExportedFlow> flows(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(Flows::flow).toList();
  }

  static FlowUpdate update(long sequence, int port, FlowCounters counters) {
    return new FlowUpdate(
        new FlowUpdate.Origin("node-1", sequence),
        T0,
        key(port),
        List.of("app=web"),
        List.of("app=cart", "v=" + sequence),
        counters);
  }
}
