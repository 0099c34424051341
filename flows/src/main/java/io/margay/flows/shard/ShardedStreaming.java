package io.margay.flows.shard;

import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.margay.flows.goldmane.FlowStreaming;
import io.margay.flows.goldmane.LocalStreaming;
import io.margay.flows.goldmane.StreamClient;
import io.margay.flows.goldmane.UnreadableMessage;
import io.margay.flows.goldmane.WireToFlow;
import io.margay.flows.goldmane.proto.Wire;
import io.margay.flows.query.FlowFilter;
import io.margay.flows.shard.proto.ShardGrpc;
import io.margay.flows.stream.FlowService;
import java.time.Instant;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Streams of all processes that share the flows. A key that nodes of two processes saw comes once
 * from each of them. When one of them goes, the stream ends and names it: the client begins anew
 * instead of missing a part.
 */
public final class ShardedStreaming implements FlowStreaming {
  private final FlowStreaming own;
  private final ShardedFlowReader reader;

  /**
   * @param reader knows the other processes
   */
  public ShardedStreaming(FlowService flows, ShardedFlowReader reader) {
    this.own = new LocalStreaming(flows, ShardMerge::numbered);
    this.reader = reader;
  }

  @Override
  public void begin(
      Wire.FlowStreamRequest asked,
      @Nullable Instant from,
      FlowFilter filter,
      StreamClient client) {
    Context.CancellableContext context = Context.ROOT.withCancellation();
    client.onGone(() -> context.cancel(null));
    own.begin(asked, from, filter, client);
    for (Peer peer : reader.peers()) {
      Thread.ofVirtual()
          .name("flow-stream-peer")
          .start(context.wrap(() -> follow(peer, asked, client, context)));
    }
  }

  private static void follow(
      Peer peer,
      Wire.FlowStreamRequest asked,
      StreamClient client,
      Context.CancellableContext context) {
    WireToFlow keys = new WireToFlow();
    try {
      Iterator<Wire.FlowResult> results =
          ShardGrpc.newBlockingStub(peer.channel().channel()).stream(asked);
      boolean goesOn = true;
      while (goesOn && results.hasNext()) {
        Wire.FlowResult result = results.next();
        long number = ShardMerge.number(keys.flow(result.getFlow()).key());
        goesOn = client.send(result.toBuilder().setId(number).build());
      }
      end(peer, client, "has ended its stream");
    } catch (StatusRuntimeException e) {
      end(peer, client, String.valueOf(e.getStatus().getDescription()));
    } catch (UnreadableMessage e) {
      end(peer, client, "is of another version: " + e.getMessage());
    } finally {
      context.cancel(null); // one part is missing, so the others end too
    }
  }

  private static void end(Peer peer, StreamClient client, String why) {
    client.end(
        Status.UNAVAILABLE.withDescription(
            "the flows of " + peer.name() + " are missing: " + why + "; begin a new stream"));
  }
}
