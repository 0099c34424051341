package io.margay.app.lab.traffic;

import java.util.function.IntFunction;

/** A way to make calls between pods: with sockets, or in memory. */
public interface Traffic extends AutoCloseable {

  /**
   * Makes one call and waits for its end.
   *
   * @param begun told the source port, once it is known and before anything is sent; gives the time
   *     in milliseconds after which the call is given up
   */
  Reach call(Conversation conversation, IntFunction<Integer> begun);

  /** Stops everything that listens. */
  @Override
  void close();
}
