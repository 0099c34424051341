package io.margay.dataplane.check;

import io.margay.dataplane.simulated.Crossing;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.model.flow.FlowEvent;
import io.margay.model.flow.FlowEvent.Judged;
import io.margay.model.flow.FlowEvent.Traffic;
import io.margay.model.verdict.Verdict;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Nodes in memory. */
final class SimulatedNetwork implements VectorNetwork {
  private static final Traffic ONE_PACKET = new Traffic(1, 60);

  private final Map<String, SimulatedDataplane> nodes = new HashMap<>();
  private final List<Judged> judged = new ArrayList<>();
  private @Nullable ClusterState current;

  @Override
  public void update(ClusterState cluster) {
    if (current != cluster) {
      nodes.clear();
      current = cluster;
    }
    for (String node : cluster.topology().nodes().keySet()) {
      nodes.computeIfAbsent(node, this::newNode).apply(cluster.delta(node));
    }
  }

  private SimulatedDataplane newNode(String name) {
    return new SimulatedDataplane(
        name, interfaceName -> interfaceName.startsWith("cali"), this::collect, Clock.systemUTC());
  }

  private void collect(FlowEvent event) {
    if (event instanceof Judged seen) {
      judged.add(seen);
    }
  }

  @Override
  public List<Observation> observe(List<Probe> probes) {
    return probes.stream().map(this::observe).toList();
  }

  private Observation observe(Probe probe) {
    judged.clear();
    boolean allowed = true;
    for (Hop hop : path(probe)) {
      SimulatedDataplane node = nodes.get(hop.node);
      allowed =
          allowed
              && node != null
              && node.connect(hop.crossing, ONE_PACKET, Traffic.NONE, null).allowed();
    }
    return new Observation(allowed ? Verdict.ALLOW : Verdict.DENY, judged);
  }

  private record Hop(String node, Crossing crossing) {}

  /** The nodes that the packet crosses. */
  private List<Hop> path(Probe probe) {
    String source = node(probe.from(), probe.entry());
    String target = node(probe.to(), source);
    String in = probe.fromOwnNode() ? uplink(source) : inside(probe.from(), source);
    String out = inside(probe.to(), target);
    if (source.equals(target)) {
      return List.of(new Hop(source, new Crossing(probe.packet(), in, out)));
    }
    return List.of(
        new Hop(source, new Crossing(probe.packet(), in, uplink(source))),
        new Hop(target, new Crossing(probe.packet(), uplink(target), out)));
  }

  private static String node(Place place, String otherwise) {
    return switch (place) {
      case Place.InPod(String node, String name) -> node;
      case Place.OnNode(String node) -> node;
      case Place.Outside outside -> otherwise;
    };
  }

  private String inside(Place place, String node) {
    return switch (place) {
      case Place.InPod(String ofPod, String interfaceName) -> interfaceName;
      case Place.OnNode ofNode -> "";
      case Place.Outside outside -> uplink(node);
    };
  }

  private String uplink(String node) {
    return current == null ? "" : current.topology().uplink(node);
  }

  @Override
  public void close() {}
}
