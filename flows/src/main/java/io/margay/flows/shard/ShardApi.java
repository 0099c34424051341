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
import io.margay.flows.stream.LiveStreams;
import io.margay.flows.stream.LiveStreams.LiveStream;
import io.margay.flows.stream.LiveStreams.News;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Answers other processes from this process's own flows. */
public final class ShardApi extends ShardGrpc.ShardImplBase {
  private static final long PATIENCE_NANOS = 10_000_000;

  private final FlowReader own;
  private final ClosedStreams closed;
  private final LiveStreams live;

  /** All of this process's flows alone. */
  public ShardApi(FlowReader own, ClosedStreams closed, LiveStreams live) {
    this.own = own;
    this.closed = closed;
    this.live = live;
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
      case Question.Closed asked -> stream(asked, client);
      case Question.Live asked -> stream(asked, client);
    }
  }

  private void stream(Question.Closed asked, ServerCallStreamObserver<ShardWire.Part> client)
      throws InterruptedException {
    ClosedStream opened =
        closed.open(asked.filter()).orElseThrow(() -> exhausted("too many streams are open"));
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

  private void stream(Question.Live asked, ServerCallStreamObserver<ShardWire.Part> client)
      throws InterruptedException {
    LiveStream opened =
        live.open(asked.filter()).orElseThrow(() -> exhausted("too many streams are open"));
    try (LiveStream stream = opened) {
      Ending ending =
          stream.run(
              new LiveStreams.Begin(null, asked.position()),
              news -> {
                send(news, client);
                return !client.isCancelled();
              });
      if (ending instanceof Ending.TooSlow) {
        throw exhausted("flows came faster than they were read");
      }
    }
  }

  private static void send(News news, ServerCallStreamObserver<ShardWire.Part> client) {
    switch (news) {
      case News.Gap(String reason, Instant since, String position) ->
          send(new LiveMark.Gap(reason, since, position), client);
      case News.Earlier(List<Flow> flows) -> send(flows, new LiveMark.Earlier(), client);
      case News.Synced(String position) -> send(new LiveMark.Synced(position), client);
      case News.Changed(List<Flow> flows, String position) ->
          send(flows, new LiveMark.Changed(position), client);
      case News.Silence() -> {}
    }
  }

  /** Nothing where there are no flows: a position of nothing is no news. */
  private static void send(
      List<Flow> flows, LiveMark mark, ServerCallStreamObserver<ShardWire.Part> client) {
    if (!flows.isEmpty()) {
      flows.forEach(flow -> send(flow, client));
      send(mark, client);
    }
  }

  private static void send(LiveMark mark, ServerCallStreamObserver<ShardWire.Part> client) {
    client.onNext(ShardWire.Part.newBuilder().setJson(ShardJson.mark(mark)).build());
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
