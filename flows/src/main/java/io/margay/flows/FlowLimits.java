package io.margay.flows;

import java.time.Duration;

/**
 * How much the flow module may hold. What does not fit is dropped and counted.
 *
 * @param queuedEvents events that wait to be taken in
 * @param buckets closed buckets that are kept: 240 make an hour
 * @param flowsPerBucket keys in one bucket; a port scan must not fill the memory
 * @param flows flows in all buckets; the oldest buckets go when there are more
 * @param connections open connections that are followed
 * @param idleConnection a connection without news for so long is taken for ended
 * @param publishEvery how often readers get a new view when there is news
 * @param closeAfter how long a bucket waits for late news of nodes before streams get it, as long
 *     as Goldmane's
 * @param queuedBatches unread batches of a stream before it is cut off
 * @param streams at a time
 */
public record FlowLimits(
    int queuedEvents,
    int buckets,
    int flowsPerBucket,
    int flows,
    int connections,
    Duration idleConnection,
    Duration publishEvery,
    Duration closeAfter,
    int queuedBatches,
    int streams) {

  public static final FlowLimits DEFAULT =
      new FlowLimits(
          65_536,
          240,
          20_000,
          400_000,
          262_144,
          Duration.ofHours(1),
          Duration.ofMillis(500),
          Duration.ofSeconds(15),
          64,
          100);

  /**
   * For a process that takes in the flows of many nodes and has a history on disk: 100,000 active
   * flows, of which a few buckets are in memory at a time.
   */
  public static final FlowLimits OF_MANY_NODES =
      new FlowLimits(
          DEFAULT.queuedEvents,
          DEFAULT.buckets,
          120_000,
          330_000,
          DEFAULT.connections,
          DEFAULT.idleConnection,
          DEFAULT.publishEvery,
          DEFAULT.closeAfter,
          DEFAULT.queuedBatches,
          DEFAULT.streams);
}
