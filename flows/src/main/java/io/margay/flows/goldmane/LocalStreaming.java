package io.margay.flows.goldmane;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
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
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Streams of this process's buckets. Each stream has a virtual thread, which waits while the client
 * does not read; what closes meanwhile waits in the subscription's bounded queue, and a client that
 * lets it fill up is cut off.
 */
public final class LocalStreaming implements FlowStreaming {
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final FlowService flows;

  public LocalStreaming(FlowService flows) {
    this.flows = flows;
  }

  @Override
  public void begin(
      @Nullable Instant from, FlowFilter filter, ServerCallStreamObserver<Wire.FlowResult> client) {
    FlowSubscription subscription =
        flows
            .subscribe(Mode.CLOSED_BUCKETS)
            .orElseThrow(() ->
                Status.RESOURCE_EXHAUSTED
                    .withDescription("too many streams are open, close one and try again")
                    .asRuntimeException());
    Sending sending = new Sending(subscription, from, filter, client);
    client.setOnReadyHandler(sending::wake);
    client.setOnCancelHandler(sending::wake);
    sending.thread.start();
  }

  /** One stream. */
  private static final class Sending {
    private final FlowSubscription subscription;
    private final @Nullable Instant from;
    private final FlowFilter filter;
    private final ServerCallStreamObserver<Wire.FlowResult> client;
    private final Thread thread = Thread.ofVirtual().name("flow-stream").unstarted(this::run);

    Sending(
        FlowSubscription subscription,
        @Nullable Instant from,
        FlowFilter filter,
        ServerCallStreamObserver<Wire.FlowResult> client) {
      this.subscription = subscription;
      this.from = from;
      this.filter = filter;
      this.client = client;
    }

    void wake() {
      LockSupport.unpark(thread);
    }

    private void run() {
      try (subscription) {
        backfill();
        while (goesOn()) {
          FlowBatch batch = subscription.poll(PATIENCE);
          if (batch != null) {
            batch.flows().forEach(this::send);
          }
        }
        if (!client.isCancelled()) {
          client.onError(
              Status.RESOURCE_EXHAUSTED
                  .withDescription("flows came faster than you read them, begin a new stream")
                  .asRuntimeException());
        }
      } catch (InterruptedException e) {
        client.onError(Status.UNAVAILABLE.withDescription("the server stops").asException());
      }
    }

    private boolean goesOn() {
      return !client.isCancelled() && !subscription.isCut();
    }

    /** Of the buckets that are closed already, oldest first. */
    private void backfill() {
      Instant since = from;
      if (since == null) {
        return;
      }
      for (FlowBucket bucket : subscription.start().closedOnly().buckets()) {
        if (!bucket.start().isBefore(since)) {
          bucket.flows().forEach(this::send);
        }
      }
    }

    private void send(Flow flow) {
      if (!filter.test(flow)) {
        return;
      }
      while (!client.isReady() && goesOn()) {
        LockSupport.parkNanos(PATIENCE.toNanos());
      }
      if (goesOn()) {
        client.onNext(FlowToWire.result(flow));
      }
    }
  }
}
