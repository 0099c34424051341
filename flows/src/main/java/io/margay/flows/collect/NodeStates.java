package io.margay.flows.collect;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.margay.flows.collect.proto.NodeWire;
import io.margay.flows.collect.proto.NodesGrpc;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes what nodes in other processes tell of themselves, and remembers the latest of each. A node
 * that is not heard of stays, with the time when it was: whoever shows it says so.
 */
public final class NodeStates extends NodesGrpc.NodesImplBase {
  private static final int MOST_NODES = 10_000;

  /** Sizes and reasons of one node; our own tell about twenty. */
  private static final int MOST_FIGURES = 200;

  private final InstantSource clock;
  private final Map<String, Heard> states = new ConcurrentHashMap<>();

  public NodeStates(InstantSource clock) {
    this.clock = clock;
  }

  /** What a node told, and when that arrived here: its own clock may be wrong. */
  public record Heard(NodeState state, Instant at) {}

  @Override
  public void report(NodeWire.State state, StreamObserver<NodeWire.Receipt> client) {
    String refusal = refusal(state);
    if (!refusal.isEmpty()) {
      client.onError(Status.INVALID_ARGUMENT.withDescription(refusal).asRuntimeException());
      return;
    }
    states.put(state.getName(), new Heard(NodeState.of(state), clock.instant()));
    client.onNext(NodeWire.Receipt.getDefaultInstance());
    client.onCompleted();
  }

  private String refusal(NodeWire.State state) {
    if (state.getName().isEmpty() || state.getName().length() > 253) {
      return "the name has " + state.getName().length() + " characters: write that of the node";
    }
    if (state.getTablesCount() > MOST_FIGURES || state.getDroppedCount() > MOST_FIGURES) {
      return "more than " + MOST_FIGURES + " figures: tell fewer";
    }
    if (!isHistogram(state.getProgramming().getTimesList())) {
      return "the times are no histogram: write at most "
          + MOST_FIGURES
          + " ascending limits, the last one infinite, and counts that are not negative";
    }
    if (states.size() >= MOST_NODES && !states.containsKey(state.getName())) {
      return "more than " + MOST_NODES + " nodes: this one is not shown";
    }
    return "";
  }

  /** What is none would spoil the metrics of all nodes. */
  private static boolean isHistogram(List<NodeWire.TimeBucket> times) {
    double before = Double.NEGATIVE_INFINITY;
    for (NodeWire.TimeBucket bucket : times) {
      if (!(bucket.getUpToSeconds() > before) || bucket.getChanges() < 0) {
        return false;
      }
      before = bucket.getUpToSeconds();
    }
    return times.isEmpty() || (times.size() <= MOST_FIGURES && Double.isInfinite(before));
  }

  /** The latest of each node. */
  public List<Heard> heard() {
    return List.copyOf(states.values());
  }
}
