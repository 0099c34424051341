package io.margay.flows.shard;

import com.fasterxml.jackson.core.type.TypeReference;
import io.grpc.StatusRuntimeException;
import io.margay.flows.Flow;
import io.margay.flows.collect.FlowAddress;
import io.margay.flows.collect.FlowChannel;
import io.margay.flows.collect.TlsFiles;
import io.margay.flows.goldmane.UnreadableMessage;
import io.margay.flows.goldmane.WireToFlow;
import io.margay.flows.goldmane.WireToFlow.Received;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.history.BucketTime;
import io.margay.flows.shard.proto.ShardGrpc;
import io.margay.flows.shard.proto.ShardWire;
import io.margay.flows.stream.LiveStreams.News;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Another process with a part of the flows. */
final class Peer implements AutoCloseable {
  private final FlowAddress address;
  private final Duration patience;
  private final FlowChannel channel;

  /**
   * @param patience how long an answer may take
   */
  Peer(FlowAddress address, @Nullable TlsFiles tls, Duration patience) {
    this.address = address;
    this.patience = patience;
    this.channel = FlowChannel.to(address, tls);
  }

  String name() {
    return address.toString();
  }

  private Iterator<ShardWire.Part> ask(Question question) {
    return ShardGrpc.newBlockingStub(channel.channel())
        .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
        .ask(wire(question));
  }

  /** Flows; their numbers are this process's own and mean nothing here. */
  List<Flow> flows(Question question) throws IOException {
    try {
      List<Flow> flows = new ArrayList<>();
      WireToFlow reader = new WireToFlow();
      Iterator<ShardWire.Part> parts = ask(question);
      while (parts.hasNext()) {
        flows.add(flow(reader, parts.next().getFlow(), question instanceof Question.Records));
      }
      return flows;
    } catch (StatusRuntimeException | UnreadableMessage e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Who takes the flows of a stream, one by one. */
  @FunctionalInterface
  interface Follower {
    void take(Flow flow) throws InterruptedException;
  }

  /**
   * Hands over flows until the other side ends the stream, or the caller's context is cancelled.
   */
  void follow(Question.Closed question, Follower follower)
      throws IOException, InterruptedException {
    try {
      WireToFlow reader = new WireToFlow();
      Iterator<ShardWire.Part> parts =
          ShardGrpc.newBlockingStub(channel.channel()).ask(wire(question));
      while (parts.hasNext()) {
        follower.take(flow(reader, parts.next().getFlow(), true));
      }
    } catch (StatusRuntimeException | UnreadableMessage e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Who takes the news of a live stream. */
  @FunctionalInterface
  interface NewsFollower {
    void take(News news) throws InterruptedException;
  }

  /** Hands over news until the other side ends the stream, or the caller's context is cancelled. */
  void followLive(Question.Live question, NewsFollower follower)
      throws IOException, InterruptedException {
    // It may have come back long before the channel would try again by itself.
    channel.channel().resetConnectBackoff();
    try {
      WireToFlow reader = new WireToFlow();
      List<Flow> flows = new ArrayList<>();
      Iterator<ShardWire.Part> parts =
          ShardGrpc.newBlockingStub(channel.channel()).ask(wire(question));
      while (parts.hasNext()) {
        ShardWire.Part part = parts.next();
        if (part.hasFlow()) {
          flows.add(flow(reader, part.getFlow(), true));
        } else {
          follower.take(ShardJson.mark(part.getJson()).news(flows));
          flows.clear();
        }
      }
    } catch (StatusRuntimeException | UnreadableMessage e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  private static ShardWire.Question wire(Question question) {
    return ShardWire.Question.newBuilder().setJson(ShardJson.question(question)).build();
  }

  /**
   * @param record whether the flow is of one bucket, which may be a longer one of old flows; else
   *     it ends with its last bucket
   */
  private static Flow flow(WireToFlow reader, Wire.FlowResult result, boolean record)
      throws UnreadableMessage {
    Received received = reader.flow(result.getFlow());
    return new Flow(
        ShardMerge.number(received.key()),
        received.key(),
        received.start(),
        received.end(),
        record ? received.start() : received.end().minus(BucketTime.LENGTH),
        received.sourceLabels(),
        received.destLabels(),
        received.counters(),
        0);
  }

  /** Any other answer. */
  <T> T answer(Question question, TypeReference<T> type) throws IOException {
    try {
      return ShardJson.answer(ask(question).next().getJson(), type);
    } catch (StatusRuntimeException e) {
      throw new IOException(String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    channel.close();
  }
}
