package io.margay.flows.goldmane;

import io.grpc.Status;
import io.margay.flows.Flow;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.FlowBucket;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.FlowBatch;
import io.margay.flows.stream.FlowService;
import io.margay.flows.stream.FlowSubscription;
import io.margay.flows.stream.FlowSubscription.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Streams of this process's buckets. Each stream has a virtual thread, which waits while the client
 * does not read; what closes meanwhile waits in the subscription's bounded queue, and a client that
 * lets it fill up is cut off.
 */
public final class LocalStreaming implements FlowStreaming {
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final FlowService flows;
  private final UnaryOperator<Flow> numbering;

  public LocalStreaming(FlowService flows) {
    this(flows, UnaryOperator.identity());
  }

  /**
   * @param numbering gives flows other numbers
   */
  public LocalStreaming(FlowService flows, UnaryOperator<Flow> numbering) {
    this.flows = flows;
    this.numbering = numbering;
  }

  @Override
  public void begin(
      Wire.FlowStreamRequest asked,
      @Nullable Instant from,
      FlowFilter filter,
      StreamClient client) {
    FlowSubscription subscription =
        flows
            .subscribe(Mode.CLOSED_BUCKETS)
            .orElseThrow(() ->
                Status.RESOURCE_EXHAUSTED
                    .withDescription("too many streams are open, close one and try again")
                    .asRuntimeException());
    Thread.ofVirtual().name("flow-stream").start(() -> run(subscription, from, filter, client));
  }

  private void run(
      FlowSubscription subscription,
      @Nullable Instant from,
      FlowFilter filter,
      StreamClient client) {
    try (subscription) {
      if (from != null) {
        backfill(subscription, from, filter, client);
      }
      while (!client.isOver() && !subscription.isCut()) {
        FlowBatch batch = subscription.poll(PATIENCE);
        if (batch != null) {
          batch.flows().forEach(flow -> send(flow, filter, client));
        }
      }
      client.end(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "flows came faster than you read them, begin a new stream"));
    } catch (InterruptedException e) {
      client.end(Status.UNAVAILABLE.withDescription("the server stops"));
    }
  }

  /** Of the buckets that are closed already, oldest first. */
  private void backfill(
      FlowSubscription subscription, Instant from, FlowFilter filter, StreamClient client) {
    for (FlowBucket bucket : subscription.start().closedOnly().buckets()) {
      if (!bucket.start().isBefore(from)) {
        bucket.flows().forEach(flow -> send(flow, filter, client));
      }
    }
  }

  private void send(Flow flow, FlowFilter filter, StreamClient client) {
    if (filter.test(flow)) {
      client.send(FlowToWire.result(numbering.apply(flow)));
    }
  }
}
