package io.margay.dataplane.check;

import io.margay.model.net.Packet;
import io.margay.model.vector.ConnectivityVector;
import io.margay.model.vector.ConnectivityVector.Step;
import io.margay.model.vector.Expectation;
import io.margay.model.vector.VectorCluster;
import io.margay.model.vector.VectorTrace;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Verdict;
import io.margay.policy.vector.VectorResult;
import java.util.ArrayList;
import java.util.List;

/** Plays a vector on a network and compares. */
final class VectorCheck {
  private final VectorNetwork network;

  VectorCheck(VectorNetwork network) {
    this.network = network;
  }

  VectorResult run(ConnectivityVector vector) {
    VectorCluster cluster = new VectorCluster(vector);
    ClusterState state = new ClusterState();
    state.apply(cluster.start(), Topology.of(cluster.resources()));
    List<VectorResult.Check> checks = new ArrayList<>();
    for (Step step : vector.steps()) {
      state.apply(cluster.apply(step), Topology.of(cluster.resources()));
      network.update(state);
      List<Expectation> expectations = step.expectations().toList();
      List<Probe> probes =
          expectations.stream()
              .map(expectation -> probe(expectation, cluster.packet(expectation), state.topology()))
              .toList();
      List<Observation> observations = network.observe(probes);
      for (int i = 0; i < probes.size(); i++) {
        checks.add(
            new VectorResult.Check(
                step.name() + ": " + expectations.get(i),
                difference(expectations.get(i), observations.get(i))));
      }
    }
    return new VectorResult(vector.name(), vector.doubtful() != null, checks);
  }

  private static Probe probe(Expectation expectation, Packet packet, Topology topology) {
    Place from = topology.locate(packet.source());
    Place to = topology.locate(packet.destination());
    String entry =
        switch (to) {
          case Place.InPod(String node, String name) -> node;
          case Place.OnNode(String node) -> node;
          case Place.Outside outside ->
              expectation.via().isEmpty()
                  ? ""
                  : topology
                      .hostEndpoints()
                      .getOrDefault(expectation.via().getFirst().hostEndpoint(), "");
        };
    return new Probe(packet, from, to, entry);
  }

  /** What is wrong, or nothing. */
  private static String difference(Expectation expected, Observation seen) {
    if (seen.verdict() == null) {
      return "expected " + text(expected.verdict()) + ", but the packet was lost without a verdict";
    }
    if (seen.verdict() != expected.verdict()) {
      return "expected " + text(expected.verdict()) + ", saw " + text(seen.verdict());
    }
    VectorTrace trace = expected.trace();
    if (trace == null) {
      return "";
    }
    for (Direction direction : Direction.values()) {
      var wanted = direction == Direction.EGRESS ? trace.egress() : trace.ingress();
      // A forwarding host endpoint's denial is reported in its own direction.
      boolean reportedElsewhere = !trace.via().isEmpty() && seen.verdict() == Verdict.DENY;
      if (wanted != null
          && !reportedElsewhere
          && !VectorTrace.agrees(wanted, seen.trace(direction))) {
        return direction + " trace: expected " + wanted + ", saw " + seen.trace(direction);
      }
    }
    return "";
  }

  private static String text(Verdict verdict) {
    return verdict == Verdict.ALLOW ? "allow" : "deny";
  }
}
