package io.margay.flows.shard;

import io.margay.flows.query.FlowFilter;
import io.margay.flows.stream.LiveStreams;
import java.time.InstantSource;
import java.util.Optional;

/** Streams of the flows of all processes that share them, as they change. */
public final class ShardedLiveStreams implements LiveStreams {
  private final LiveStreams own;
  private final ShardedFlowReader shards;
  private final InstantSource clock;

  /**
   * @param own of this process's flows alone
   * @param shards knows the other processes
   */
  public ShardedLiveStreams(LiveStreams own, ShardedFlowReader shards, InstantSource clock) {
    this.own = own;
    this.shards = shards;
    this.clock = clock;
  }

  @Override
  public Optional<LiveStream> open(FlowFilter filter) {
    return own.open(filter).map(stream -> new MergedLive(stream, shards, filter, clock));
  }
}
