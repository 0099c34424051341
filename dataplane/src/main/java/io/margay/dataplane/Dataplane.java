package io.margay.dataplane;

import io.margay.policy.table.TableDelta;

/**
 * Enforces decision tables on one node. Called by one thread. What a dataplane saw comes back as
 * flow events, through the sink that its constructor takes.
 */
public interface Dataplane extends AutoCloseable {

  /**
   * Takes over the difference between two states of the tables in one step: every packet is judged
   * by the state before or by the one after it. The first call carries the whole state; it is
   * compared with what an earlier process left behind, and only the difference is programmed.
   *
   * @throws DataplaneException if the kernel refused; nothing has changed then, and the same
   *     difference is tried again with the next call
   */
  void apply(TableDelta delta);

  /** Ends event collection. What is programmed stays in force, so that a restart cuts nothing. */
  @Override
  void close();
}
