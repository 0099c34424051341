package io.margay.app.lab.traffic;

import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.dataplane.simulated.Passage;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** Calls in memory, for machines that permit no network namespaces. */
public final class SimulatedTraffic implements Traffic {
  private static final int FIRST_EPHEMERAL_PORT = 32_768;
  private static final int LAST_EPHEMERAL_PORT = 60_999;

  /** About what a small request and its answer amount to, in packets and bytes. */
  private static final FlowEvent.Traffic REQUEST = new FlowEvent.Traffic(6, 400);

  private static final FlowEvent.Traffic ANSWER = new FlowEvent.Traffic(4, 600);
  private static final FlowEvent.Traffic ATTEMPT = new FlowEvent.Traffic(1, 60);

  private final Map<String, SimulatedDataplane> nodes;

  /**
   * @param nodes the dataplane of each node
   */
  public SimulatedTraffic(Map<String, SimulatedDataplane> nodes) {
    this.nodes = Map.copyOf(nodes);
  }

  @Override
  public Reach call(Conversation conversation, Begin begin) {
    int sourcePort =
        ThreadLocalRandom.current().nextInt(FIRST_EPHEMERAL_PORT, LAST_EPHEMERAL_PORT + 1);
    begin.with(sourcePort);
    List<Backend> backends = conversation.backends();
    Backend backend = backends.get(ThreadLocalRandom.current().nextInt(backends.size()));
    IpAddress address = conversation.serviceAddress();
    ServiceAddress service =
        address == null ? null : new ServiceAddress(address, conversation.call().port());
    List<Expectation.NodeCrossing> way = Expectation.crossings(conversation, backend, sourcePort);
    boolean arrives = way.stream().allMatch(step -> node(step).decide(step.crossing()).allowed());
    for (Expectation.NodeCrossing step : way) {
      Passage passage =
          node(step)
              .connect(
                  step.crossing(),
                  arrives ? REQUEST : ATTEMPT,
                  arrives ? ANSWER : FlowEvent.Traffic.NONE,
                  service);
      if (!passage.allowed()) {
        return new Reach.Silent();
      }
    }
    return new Reach.Answered(backend.pod().toString());
  }

  private SimulatedDataplane node(Expectation.NodeCrossing step) {
    return Objects.requireNonNull(nodes.get(step.node()), step.node());
  }

  @Override
  public void close() {}
}
