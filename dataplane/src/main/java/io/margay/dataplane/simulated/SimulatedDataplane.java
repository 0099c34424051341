package io.margay.dataplane.simulated;

import io.margay.dataplane.Dataplane;
import io.margay.dataplane.HostEndpoints;
import io.margay.dataplane.InterfaceTable;
import io.margay.dataplane.simulated.Passage.Step;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.ServiceAddress;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.model.verdict.Verdict;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId.EndpointType;
import io.margay.policy.table.JudgedEndpoint;
import io.margay.policy.table.TableDelta;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One node's dataplane in memory: decides packets with the tables, at the same points and in the
 * same order as a kernel does. Any thread may use it.
 */
public final class SimulatedDataplane implements Dataplane {
  private final String node;
  private final Predicate<String> isWorkloadInterface;
  private final Consumer<FlowEvent> sink;
  private final Clock clock;
  private final DecisionTables tables = new DecisionTables();
  private final Map<String, JudgedEndpoint> workloads = new HashMap<>();
  private InterfaceTable interfaces = InterfaceTable.EMPTY;
  private HostEndpoints hosts = HostEndpoints.resolve(List.of(), InterfaceTable.EMPTY);

  /**
   * @param node the name to report
   * @param isWorkloadInterface tells by its name whether an interface is a pod's
   * @param sink takes flow events, on the caller's thread
   */
  public SimulatedDataplane(
      String node, Predicate<String> isWorkloadInterface, Consumer<FlowEvent> sink, Clock clock) {
    this.node = node;
    this.isWorkloadInterface = isWorkloadInterface;
    this.sink = sink;
    this.clock = clock;
  }

  @Override
  public synchronized void apply(TableDelta delta) {
    delta.endpointsRemoved().forEach(id -> forget(tables.endpoints().get(id)));
    delta.endpointsSet().keySet().forEach(id -> forget(tables.endpoints().get(id)));
    tables.apply(delta);
    for (JudgedEndpoint endpoint : delta.endpointsSet().values()) {
      if (endpoint.id().type() == EndpointType.WORKLOAD) {
        workloads.put(endpoint.interfaceName(), endpoint);
      }
    }
    hosts = HostEndpoints.resolve(tables.endpoints().values(), interfaces);
  }

  private void forget(@Nullable JudgedEndpoint endpoint) {
    if (endpoint != null) {
      workloads.remove(endpoint.interfaceName(), endpoint);
    }
  }

  public synchronized void updateInterfaces(InterfaceTable table) {
    interfaces = table;
    hosts = HostEndpoints.resolve(tables.endpoints().values(), interfaces);
  }

  /** What becomes of the first packet of a connection here; reports nothing. */
  public synchronized Passage decide(Crossing crossing) {
    return new Walk(crossing).passage();
  }

  /**
   * A connection that crosses the node, with all its traffic at once.
   *
   * @param in what the client sends; for a denied connection its first packet
   * @param out what comes back when it is allowed
   * @param service where the client thought it was going; null when that is where it goes
   */
  public Passage connect(
      Crossing crossing, Traffic in, Traffic out, @Nullable ServiceAddress service) {
    Passage passage = decide(crossing);
    for (Step step : passage.steps()) {
      if (!reported(step)) {
        continue;
      }
      sink.accept(
          new FlowEvent.Judged(
              clock.instant(),
              node,
              crossing.packet(),
              step.direction(),
              step.outcome(),
              in.packets() == 0 ? 0 : in.bytes() / in.packets(),
              1,
              service));
      if (passage.allowed()) {
        sink.accept(
            new FlowEvent.Counted(
                clock.instant(),
                node,
                crossing.packet(),
                step.direction(),
                step.outcome(),
                in,
                out,
                true));
      }
    }
    return passage;
  }

  /** What a host endpoint lets through on the way to others is reported by those alone. */
  private static boolean reported(Step step) {
    return step.stage() == Stage.NORMAL || !step.outcome().allowed();
  }

  @Override
  public void close() {}

  /** The points of a node that one packet passes. */
  private final class Walk {
    private final Crossing crossing;
    private final List<Step> steps = new ArrayList<>();
    private boolean acceptedEarly;

    Walk(Crossing crossing) {
      this.crossing = crossing;
    }

    Passage passage() {
      return new Passage(early() && (crossing.sentHere() ? sent() : arrived()), steps);
    }

    /** doNotTrack and preDNAT policies. */
    private boolean early() {
      if (crossing.sentHere()) {
        return host(Direction.EGRESS, Stage.UNTRACKED);
      }
      return host(Direction.INGRESS, Stage.UNTRACKED)
          && (acceptedEarly || host(Direction.INGRESS, Stage.PRE_DNAT));
    }

    private boolean sent() {
      // A node's own traffic to its pods is for their health checks and always passes.
      return acceptedEarly
          || isWorkloadInterface.test(crossing.to())
          || host(Direction.EGRESS, Stage.NORMAL);
    }

    private boolean arrived() {
      if (!crossing.deliveredHere()) {
        return (acceptedEarly || host(Direction.INGRESS, Stage.FORWARD))
            && workload(crossing.from(), Direction.EGRESS)
            && workload(crossing.to(), Direction.INGRESS)
            && host(Direction.EGRESS, Stage.FORWARD);
      }
      return isWorkloadInterface.test(crossing.from())
          ? workload(crossing.from(), Direction.EGRESS)
          : acceptedEarly || host(Direction.INGRESS, Stage.NORMAL);
    }

    private boolean workload(String name, Direction direction) {
      if (!isWorkloadInterface.test(name)) {
        return true;
      }
      JudgedEndpoint endpoint = workloads.get(name);
      if (endpoint == null) {
        return false;
      }
      Packet packet = crossing.packet();
      if (direction == Direction.EGRESS && !endpoint.addresses().contains(packet.source())) {
        return false;
      }
      return judge(endpoint, direction, Stage.NORMAL);
    }

    private boolean host(Direction direction, Stage stage) {
      String name = direction == Direction.INGRESS ? crossing.from() : crossing.to();
      JudgedEndpoint endpoint = hosts.byInterface().get(name);
      if (endpoint == null && stage != Stage.UNTRACKED && !isWorkloadInterface.test(name)) {
        endpoint = hosts.others();
      }
      return endpoint == null || judge(endpoint, direction, stage);
    }

    private boolean judge(JudgedEndpoint endpoint, Direction direction, Stage stage) {
      Outcome outcome = tables.decide(endpoint, direction, stage, crossing.packet());
      if (outcome == null) {
        return true;
      }
      steps.add(new Step(endpoint.id(), direction, stage, outcome));
      boolean early = stage == Stage.UNTRACKED || stage == Stage.PRE_DNAT;
      acceptedEarly |= early && outcome.verdict() == Verdict.ALLOW;
      return outcome.verdict() == Verdict.ALLOW || (early && outcome.verdict() == Verdict.CONTINUE);
    }
  }
}
