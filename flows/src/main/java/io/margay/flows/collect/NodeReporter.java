package io.margay.flows.collect;

import io.grpc.StatusRuntimeException;
import io.margay.flows.collect.proto.NodesGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the processes that gather flows how this node is, all of them, since each shows all nodes.
 * Nothing waits for it, and what is not taken is told anew with the next report.
 */
public final class NodeReporter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodeReporter.class);

  /** Whoever misses three of them takes the node for silent. */
  public static final Duration EVERY = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Supplier<NodeState> state;
  private final List<Target> targets = new ArrayList<>();
  private final Set<FlowAddress> complainedOf = new HashSet<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("node-reporter").factory());

  private record Target(FlowAddress address, FlowChannel channel) {}

  private NodeReporter(
      List<FlowAddress> addresses, @Nullable TlsFiles tls, Supplier<NodeState> state) {
    this.state = state;
    for (FlowAddress address : addresses) {
      targets.add(new Target(address, FlowChannel.to(address, tls)));
    }
  }

  /**
   * Starts to tell, at once and then from time to time.
   *
   * @param addresses of processes that need not be there yet
   * @param tls null for socket files and loopback addresses
   */
  public static NodeReporter start(
      List<FlowAddress> addresses, @Nullable TlsFiles tls, Supplier<NodeState> state) {
    NodeReporter reporter = new NodeReporter(addresses, tls, state);
    reporter.thread.scheduleWithFixedDelay(
        reporter::reportToAll, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    return reporter;
  }

  private void reportToAll() {
    try {
      NodeState now = state.get();
      targets.forEach(target -> report(now, target));
    } catch (RuntimeException e) {
      // A schedule ends with the first exception, and the node would be silent for good.
      log.warn("the node's state cannot be told", e);
    }
  }

  private void report(NodeState now, Target target) {
    try {
      NodesGrpc.newBlockingStub(target.channel().channel())
          .withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
          .report(now.wire());
      complainedOf.remove(target.address());
    } catch (StatusRuntimeException e) {
      if (complainedOf.add(target.address())) {
        log.warn(
            "{} is not told how this node is: {}; trying on", target.address(), e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    targets.forEach(target -> target.channel().close());
  }
}
