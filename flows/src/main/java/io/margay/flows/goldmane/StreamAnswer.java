package io.margay.flows.goldmane;

import io.grpc.Status;
import io.margay.flows.Flow;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.ClosedStreams;
import io.margay.flows.stream.ClosedStreams.ClosedStream;
import io.margay.flows.stream.ClosedStreams.Ending;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends a stream to a client. Each has a virtual thread, which waits while the client does not
 * read; what closes meanwhile waits in a bounded queue, and a client that lets it fill up is cut
 * off.
 */
final class StreamAnswer {
  private StreamAnswer() {}

  /**
   * Sends each flow of each bucket once, when the bucket has closed, until the client goes.
   *
   * @param from the past from then on comes first; null for none of it
   * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if there are too many streams
   */
  static void begin(
      ClosedStreams streams, @Nullable Instant from, FlowFilter filter, StreamClient client) {
    ClosedStream stream =
        streams
            .open(filter)
            .orElseThrow(() ->
                Status.RESOURCE_EXHAUSTED
                    .withDescription("too many streams are open, close one and try again")
                    .asRuntimeException());
    Thread.ofVirtual().name("flow-stream").start(() -> run(stream, from, client));
  }

  private static void run(ClosedStream stream, @Nullable Instant from, StreamClient client) {
    try (stream) {
      switch (stream.run(from, flows -> send(flows, client))) {
        case Ending.Enough _ -> {}
        case Ending.TooSlow _ ->
            client.end(
                Status.RESOURCE_EXHAUSTED.withDescription(
                    "flows came faster than you read them, begin a new stream"));
        case Ending.ShardMissing(String name, String reason) ->
            client.end(
                Status.UNAVAILABLE.withDescription(
                    "the flows of " + name + " are missing: " + reason + "; begin a new stream"));
      }
    } catch (InterruptedException e) {
      client.end(Status.UNAVAILABLE.withDescription("the server stops"));
    } catch (RuntimeException e) {
      // The history may fail while the past is read.
      client.end(Status.INTERNAL.withDescription("the stream cannot go on: " + e.getMessage()));
    }
  }

  private static boolean send(List<Flow> flows, StreamClient client) {
    for (Flow flow : flows) {
      if (!client.send(FlowToWire.result(flow))) {
        return false;
      }
    }
    return !client.isOver();
  }
}
