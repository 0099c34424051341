package io.margay.console.blast;

import io.margay.flows.Flow;
import io.margay.flows.FlowKey;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.model.resource.RuleAction;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds in recorded flows who talks to a machine. */
final class TalkFinder {
  private static final Comparator<Talk> ORDER =
      Comparator.comparing(Talk::incoming)
          .reversed()
          .thenComparing(talk -> -talk.allowed() - talk.denied())
          .thenComparing(Talk::peer)
          .thenComparing(Talk::service);

  private final ExaminedMachine machine;
  private final Owners owners;
  private final Map<Line, Counts> lines = new HashMap<>();

  /** What makes two flows one line. */
  private record Line(FlowPeer peer, boolean incoming, String service) {}

  /** Connections as each end tells of them: both see those that are not cut off on the way. */
  private static final class Counts {
    private final Map<Reporter, Long> allowed = new HashMap<>();
    private final Map<Reporter, Long> denied = new HashMap<>();

    void add(Flow flow) {
      boolean deny = flow.key().trace().action() == RuleAction.DENY;
      (deny ? denied : allowed).merge(flow.key().reporter(), flow.counters().started(), Long::sum);
    }

    static long most(Map<Reporter, Long> reported) {
      return reported.values().stream().mapToLong(Long::longValue).max().orElse(0);
    }
  }

  TalkFinder(ExaminedMachine machine, Owners owners) {
    this.machine = machine;
    this.owners = owners;
  }

  List<Talk> find(List<Flow> flows) {
    for (Flow flow : flows) {
      FlowKey key = flow.key();
      boolean incoming = machine.is(key.dest());
      if (incoming || machine.is(key.source())) {
        FlowPeer peer = incoming ? key.source() : key.dest();
        lines
            .computeIfAbsent(new Line(peer, incoming, service(key)), line -> new Counts())
            .add(flow);
      }
    }
    return lines.entrySet().stream()
        .map(entry -> talk(entry.getKey(), entry.getValue()))
        .sorted(ORDER)
        .toList();
  }

  private static String service(FlowKey key) {
    return key.destPort() == 0 ? key.protocolName() : key.protocolName() + "/" + key.destPort();
  }

  private Talk talk(Line line, Counts counts) {
    return new Talk(
        name(line.peer()),
        line.incoming(),
        line.service(),
        Counts.most(counts.allowed),
        Counts.most(counts.denied),
        owners.of(line.peer()));
  }

  private static String name(FlowPeer peer) {
    return switch (peer.name()) {
      case FlowPeer.PUBLIC -> "public addresses";
      case FlowPeer.PRIVATE -> "private addresses";
      default ->
          peer.namespace().equals(FlowPeer.NO_NAMESPACE)
              ? peer.name()
              : peer.namespace() + "/" + peer.name();
    };
  }
}
