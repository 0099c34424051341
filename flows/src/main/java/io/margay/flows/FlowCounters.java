package io.margay.flows;

/**
 * How much a flow carried.
 *
 * @param packetsIn from the client to the destination; out are the answers
 * @param started connections, or attempts that were denied
 * @param live connections that are open: a level, not a sum
 */
public record FlowCounters(
    long packetsIn,
    long packetsOut,
    long bytesIn,
    long bytesOut,
    long started,
    long completed,
    long live) {
  /** Nothing. */
  public static final FlowCounters ZERO = new FlowCounters(0, 0, 0, 0, 0, 0, 0);

  /** The same with another number of open connections. */
  public FlowCounters withLive(long other) {
    return new FlowCounters(packetsIn, packetsOut, bytesIn, bytesOut, started, completed, other);
  }

  /** The sum over two times; the later one knows how many connections are open. */
  public FlowCounters plusLater(FlowCounters later) {
    return new FlowCounters(
        packetsIn + later.packetsIn,
        packetsOut + later.packetsOut,
        bytesIn + later.bytesIn,
        bytesOut + later.bytesOut,
        started + later.started,
        completed + later.completed,
        later.live);
  }
}
