package io.margay.app.lab.traffic;

import io.margay.app.lab.cluster.ClusterNetwork;
import io.margay.app.lab.cluster.LabPod;
import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.dataplane.simulated.Crossing;
import io.margay.dataplane.simulated.SimulatedDataplane;
import io.margay.model.net.Packet;
import java.util.ArrayList;
import java.util.List;

/**
 * What may become of one call, by all tables that were valid at some moment while it was tried.
 * Guarded by the {@link VerdictLedger} that made it.
 */
final class Expectation {
  private final List<Way> ways = new ArrayList<>();

  Expectation(Conversation conversation, int sourcePort) {
    for (Backend backend : conversation.backends()) {
      ways.add(new Way(conversation, backend, sourcePort));
    }
  }

  /** Takes one node's tables into account. */
  void consider(String node, SimulatedDataplane tables) {
    for (Way way : ways) {
      for (Passing passing : way.passings) {
        if (passing.node.equals(node)) {
          passing.add(tables.decide(passing.crossing).allowed());
        }
      }
    }
  }

  /** Whether what the socket saw is something that the tables allow for. */
  boolean agrees(Reach reach) {
    return switch (reach) {
      case Reach.Answered answered ->
          ways.stream()
              .filter(way -> way.backend.pod().toString().equals(answered.pod()))
              .anyMatch(Way::canPass);
      case Reach.Refused refused -> ways.stream().anyMatch(Way::canPass);
      case Reach.Silent silent -> ways.stream().anyMatch(Way::canFail);
      case Reach.Failed failed -> false;
    };
  }

  /** Whether no table lets this call through. */
  boolean hopeless() {
    return ways.stream().noneMatch(Way::canPass);
  }

  /** The nodes between a caller and a backend. */
  static List<NodeCrossing> crossings(Conversation conversation, Backend backend, int sourcePort) {
    LabPod from = conversation.from();
    LabPod to = backend.pod();
    Packet packet =
        new Packet(
            from.address(), to.address(), conversation.protocol(), sourcePort, backend.port());
    String out = from.resource().hostInterface();
    String in = to.resource().hostInterface();
    if (from.node().equals(to.node())) {
      return List.of(new NodeCrossing(from.node().name(), new Crossing(packet, out, in)));
    }
    return List.of(
        new NodeCrossing(from.node().name(), new Crossing(packet, out, ClusterNetwork.TUNNEL)),
        new NodeCrossing(to.node().name(), new Crossing(packet, ClusterNetwork.TUNNEL, in)));
  }

  /** A packet on one of the nodes on its way. */
  record NodeCrossing(String node, Crossing crossing) {}

  /** The way to one backend. */
  private static final class Way {
    final Backend backend;
    final List<Passing> passings;

    Way(Conversation conversation, Backend backend, int sourcePort) {
      this.backend = backend;
      this.passings =
          crossings(conversation, backend, sourcePort).stream()
              .map(crossing -> new Passing(crossing.node(), crossing.crossing()))
              .toList();
    }

    boolean canPass() {
      return passings.stream().allMatch(passing -> passing.allowed);
    }

    boolean canFail() {
      return passings.stream().anyMatch(passing -> passing.denied);
    }
  }

  /** What one node's tables said so far: one of the two, or each of them at its time. */
  private static final class Passing {
    final String node;
    final Crossing crossing;
    boolean allowed;
    boolean denied;

    Passing(String node, Crossing crossing) {
      this.node = node;
      this.crossing = crossing;
    }

    void add(boolean allows) {
      allowed |= allows;
      denied |= !allows;
    }
  }
}
