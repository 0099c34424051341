package io.margay.flows.shard;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.margay.flows.Flow;
import io.margay.flows.goldmane.FlowToWire;
import io.margay.flows.query.FlowOrder;
import io.margay.flows.query.FlowReader;
import io.margay.flows.query.Page;
import io.margay.flows.shard.proto.ShardGrpc;
import io.margay.flows.shard.proto.ShardWire;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.ClosedStreams.Ending;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Answers other processes from this process's own flows. */
public final class ShardApi extends ShardGrpc.ShardImplBase {
  private static final long PATIENCE_NANOS = 10_000_000;

  private final FlowReader own;
  private final ClosedStreams streams;

  /**
   * @param own answers from this process's flows alone
   * @param streams of this process's flows alone
   */
  public ShardApi(FlowReader own, ClosedStreams streams) {
    this.own = own;
    this.streams = streams;
  }

  @Override
  public void ask(ShardWire.Question question, StreamObserver<ShardWire.Part> client) {
    ServerCallStreamObserver<ShardWire.Part> call =
        (ServerCallStreamObserver<ShardWire.Part>) client;
    call.setOnCancelHandler(() -> {});
    // On a thread of its own: an answer that waits for its reader must not hold up the call.
    Thread.startVirtualThread(() -> {
      Status status = answer(question, call);
      if (call.isCancelled()) {
        return; // nobody waits for the end
      }
      if (status.isOk()) {
        call.onCompleted();
      } else {
        call.onError(status.asException());
      }
    });
  }

  private Status answer(
      ShardWire.Question question, ServerCallStreamObserver<ShardWire.Part> client) {
    try {
      answer(ShardJson.question(question.getJson()), client);
      return Status.OK;
    } catch (IOException | IllegalArgumentException e) {
      return Status.INVALID_ARGUMENT.withDescription(
          "the question is of another version: " + e.getMessage());
    } catch (InterruptedException e) {
      return Status.UNAVAILABLE.withDescription("the process stops");
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } catch (RuntimeException e) {
      return Status.INTERNAL.withDescription(e.toString());
    }
  }

  private void answer(Question question, ServerCallStreamObserver<ShardWire.Part> client)
      throws InterruptedException {
    switch (question) {
      case Question.Sums(var range, var filter) ->
          own.list(range, filter, FlowOrder.TIME, Page.Request.EVERYTHING)
              .items()
              .forEach(flow -> send(flow, client));
      case Question.Records records ->
          WholeBuckets.of(own, records).forEach(flow -> send(flow, client));
      case Question.Hints(var type, var range, var filter) ->
          send(own.hints(type, range, filter, Page.Request.EVERYTHING).items(), client);
      case Question.Statistics(var query) -> send(own.statistics(query), client);
      case Question.Density(var range, var filter, var steps) ->
          send(own.density(range, filter, steps), client);
      case Question.Graph(var range, var filter, var level) ->
          send(own.graph(range, filter, level), client);
      case Question.Activity(var range) -> send(own.policyActivity(range), client);
      case Question.Closed closed -> stream(closed, client);
    }
  }

  private void stream(Question.Closed asked, ServerCallStreamObserver<ShardWire.Part> client)
      throws InterruptedException {
    ClosedStream opened =
        streams.open(asked.filter()).orElseThrow(() -> exhausted("too many streams are open"));
    try (ClosedStream stream = opened) {
      Ending ending =
          stream.run(
              asked.from(),
              flows -> {
                flows.forEach(flow -> send(flow, client));
                return !client.isCancelled();
              });
      if (ending instanceof Ending.TooSlow) {
        throw exhausted("flows came faster than they were read");
      }
    }
  }

  private static StatusRuntimeException exhausted(String why) {
    return Status.RESOURCE_EXHAUSTED.withDescription(why).asRuntimeException();
  }

  private static void send(Flow flow, ServerCallStreamObserver<ShardWire.Part> client) {
    while (!client.isReady() && !client.isCancelled()) {
      LockSupport.parkNanos(PATIENCE_NANOS);
    }
    client.onNext(ShardWire.Part.newBuilder().setFlow(FlowToWire.result(flow)).build());
  }

  private static void send(Object answer, ServerCallStreamObserver<ShardWire.Part> client) {
    client.onNext(ShardWire.Part.newBuilder().setJson(ShardJson.answer(answer)).build());
  }
}
