package io.margay.app.lab.traffic;

/** A way to make calls between pods: with sockets, or in memory. */
public interface Traffic extends AutoCloseable {

  /**
   * Makes one call and waits for its end.
   *
   * @param begin told the source port, once it is known and before anything is sent
   */
  Reach call(Conversation conversation, Begin begin);

  /** What must happen before a call's first packet. */
  @FunctionalInterface
  interface Begin {
    /** Takes the source port; gives the milliseconds after which the call is given up. */
    int with(int sourcePort);
  }

  /** Stops everything that listens. */
  @Override
  void close();
}
