package io.margay.dataplane;

import java.util.Map;

/**
 * What a dataplane has done and what it has lost, counted since it was made.
 *
 * @param programming what was done to the kernel's tables
 * @param events what became of flow events
 * @param drops packets dropped for another reason than a policy, by reason; counted since the table
 *     was made, which may be before this process began
 */
public record DataplaneStats(Programming programming, Events events, Map<String, Long> drops) {
  public DataplaneStats {
    drops = Map.copyOf(drops);
  }

  /**
   * What was done to the kernel's tables.
   *
   * @param transactions through libnftables
   * @param elementTransactions of a few elements, sent directly
   * @param replacements of the whole table, in one transaction each
   * @param refusals transactions that the kernel refused, each retried
   * @param pending what is not programmed yet: chains, sets and elements
   */
  public record Programming(
      long transactions, long elementTransactions, long replacements, long refusals, int pending) {}

  /**
   * What became of flow events.
   *
   * @param judged new connections and attempts that were reported one by one
   * @param skipped those that a rate limit left out; they are reported as a number
   * @param lost those that the kernel dropped because this process was too slow
   * @param connectionEventsLost how often conntrack events were lost; the next dump makes up for
   *     the counters of connections that still live
   * @param unknownOutcome events whose outcome id is not known here
   * @param unreadable packets that are not IP
   */
  public record Events(
      long judged,
      long skipped,
      long lost,
      long connectionEventsLost,
      long unknownOutcome,
      long unreadable) {}
}
