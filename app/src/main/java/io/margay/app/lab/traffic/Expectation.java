package io.margay.app.lab.traffic;

import io.margay.app.lab.cluster.LabService.Backend;
import io.margay.model.net.Packet;
import io.margay.model.verdict.Direction;
import io.margay.model.verdict.Outcome;
import io.margay.model.verdict.Stage;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId;
import io.margay.policy.table.JudgedEndpoint;
import java.util.ArrayList;
import java.util.List;

/**
 * What may become of one call, by all tables that were valid at some moment while it was tried.
 * Guarded by the {@link VerdictLedger} that made it.
 */
final class Expectation {
  private final Conversation conversation;
  private final List<Path> paths = new ArrayList<>();

  Expectation(Conversation conversation, int sourcePort) {
    this.conversation = conversation;
    for (Backend backend : conversation.backends()) {
      paths.add(
          new Path(
              backend,
              new Packet(
                  conversation.from().address(),
                  backend.pod().address(),
                  conversation.protocol(),
                  sourcePort,
                  backend.port())));
    }
  }

  /** Takes one node's tables into account. */
  void consider(String node, DecisionTables tables) {
    for (Path path : paths) {
      if (conversation.from().node().name().equals(node)) {
        path.egress.add(
            allows(tables, conversation.from().resource().metadata(), Direction.EGRESS, path));
      }
      if (path.backend.pod().node().name().equals(node)) {
        path.ingress.add(
            allows(tables, path.backend.pod().resource().metadata(), Direction.INGRESS, path));
      }
    }
  }

  private static boolean allows(
      DecisionTables tables,
      io.margay.model.resource.ObjectMeta pod,
      Direction direction,
      Path path) {
    JudgedEndpoint endpoint = tables.endpoints().get(EndpointId.pod(pod.namespace(), pod.name()));
    if (endpoint == null) {
      return false; // Interfaces that are not known drop.
    }
    Outcome outcome = tables.decide(endpoint, direction, Stage.NORMAL, path.packet);
    return outcome == null || outcome.allowed();
  }

  /** Whether what the socket saw is something that the tables allow for. */
  boolean agrees(Reach reach) {
    return switch (reach) {
      case Reach.Answered answered ->
          paths.stream()
              .filter(path -> path.backend.pod().toString().equals(answered.pod()))
              .anyMatch(Path::canPass);
      case Reach.Refused refused -> paths.stream().anyMatch(Path::canPass);
      case Reach.Silent silent -> paths.stream().anyMatch(Path::canFail);
      case Reach.Failed failed -> false;
    };
  }

  /** Whether no table lets this call through. */
  boolean hopeless() {
    return paths.stream().noneMatch(Path::canPass);
  }

  /** The verdicts seen at both ends of the way to one backend. */
  private static final class Path {
    final Backend backend;
    final Packet packet;
    final Answers egress = new Answers();
    final Answers ingress = new Answers();

    Path(Backend backend, Packet packet) {
      this.backend = backend;
      this.packet = packet;
    }

    boolean canPass() {
      return egress.allowed && ingress.allowed;
    }

    boolean canFail() {
      return egress.denied || ingress.denied;
    }
  }

  /** What the tables said so far: one of the two, or each of them at its time. */
  private static final class Answers {
    boolean allowed;
    boolean denied;

    void add(boolean allows) {
      allowed |= allows;
      denied |= !allows;
    }
  }
}
