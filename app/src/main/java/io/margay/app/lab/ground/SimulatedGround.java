package io.margay.app.lab.ground;

import io.margay.app.lab.cluster.LabNode;
import io.margay.app.lab.traffic.SimulatedTraffic;
import io.margay.app.lab.traffic.Traffic;
import io.margay.app.process.NodeProcess;
import io.margay.app.process.TableObserver;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.flows.collect.FlowSink;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Memory alone: needs no privileges, and moves no packets. */
public final class SimulatedGround implements Ground {
  private static final String POD_INTERFACES = "cali";

  private final Map<String, SimulatedDataplane> nodes = new HashMap<>();

  @Override
  public String dataplane() {
    return "simulated";
  }

  @Override
  public NodeProcess node(LabNode node, FlowSink flows, TableObserver observer) {
    SimulatedDataplane dataplane =
        new SimulatedDataplane(
            node.name(), name -> name.startsWith(POD_INTERFACES), flows, Clock.systemUTC());
    nodes.put(node.name(), dataplane);
    return new NodeProcess(node.name(), dataplane, flows, observer);
  }

  @Override
  public Traffic traffic() {
    return new SimulatedTraffic(nodes);
  }

  @Override
  public void publish(Path folder) {}

  @Override
  public void close() {}
}
