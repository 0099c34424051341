package io.margay.flows;

import java.time.Instant;
import java.util.List;

/**
 * What a node adds to one flow in one bucket since its last update of it. The flow is the sum of
 * its updates, from all nodes.
 *
 * @param origin who sent it; updates of one sender are numbered without gaps
 * @param bucket the start of its 15 seconds
 * @param sourceLabels {@code key=value}, sorted: those that every source had
 * @param counters increments. So is {@code live}: a bucket's first update brings the number of open
 *     connections, later ones by how much it changed since then, which may be negative
 */
public record FlowUpdate(
    Origin origin,
    Instant bucket,
    FlowKey key,
    List<String> sourceLabels,
    List<String> destLabels,
    FlowCounters counters) {

  public FlowUpdate {
    sourceLabels = List.copyOf(sourceLabels);
    destLabels = List.copyOf(destLabels);
  }

  /**
   * Which update of whom. A sender repeats what was not acknowledged, in order and with the same
   * numbers, so that it can be taken exactly once.
   *
   * @param sender a node and the life of its spool, or a foreign client
   * @param sequence from 1; 0 from a foreign client that does not number its updates
   */
  public record Origin(String sender, long sequence) {}
}
