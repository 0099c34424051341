package io.margay.flows.collect;

import static io.margay.flows.Fixtures.DENIED;
import static io.margay.flows.Fixtures.T0;

import io.margay.flows.FlowCounters;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.FlowUpdate;
import io.margay.flows.PolicyTrace;
import io.margay.flows.Reporter;
import io.margay.model.net.Protocol;
import java.util.List;
import java.util.stream.LongStream;

/** Updates to send. */
final class Updates {
  private Updates() {}

  static FlowKey key(int port) {
    return new FlowKey(
        new FlowPeer("web-*", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        new FlowPeer("cart-*", "shop", FlowPeer.Type.WORKLOAD_ENDPOINT),
        port,
        null,
        Protocol.TCP,
        Reporter.DESTINATION,
        PolicyTrace.of(DENIED));
  }

  static FlowUpdate update(long sequence) {
    return new FlowUpdate(
        new FlowUpdate.Origin("node-1-a", sequence),
        T0,
        key(80),
        List.of("app=web"),
        List.of("app=cart"),
        new FlowCounters(1, 0, 60, 0, 1, 0, 0));
  }

  /** Numbered from one number to another, both included. */
  static List<FlowUpdate> updates(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(Updates::update).toList();
  }
}
