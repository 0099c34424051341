package io.margay.flows;

import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/**
 * What was seen of one key in one bucket, or in a row of buckets.
 *
 * @param keyNumber stands for the key until the process restarts
 * @param start the start of the first bucket
 * @param end the end of the last bucket
 * @param bucket the start of the last bucket: with the key's number it identifies the flow
 * @param sourceLabels {@code key=value}, sorted: those that every source had
 * @param version of the history in which the flow last changed
 */
public record Flow(
    long keyNumber,
    FlowKey key,
    Instant start,
    Instant end,
    Instant bucket,
    List<String> sourceLabels,
    List<String> destLabels,
    FlowCounters counters,
    long version) {

  public Flow {
    sourceLabels = List.copyOf(sourceLabels);
    destLabels = List.copyOf(destLabels);
  }

  /** Joins with a flow of the same key from a later bucket. */
  public Flow plusLater(Flow later) {
    return new Flow(
        keyNumber,
        key,
        start,
        later.end,
        later.bucket,
        commonLabels(sourceLabels, later.sourceLabels),
        commonLabels(destLabels, later.destLabels),
        counters.plusLater(later.counters),
        Math.max(version, later.version));
  }

  /** The labels that both lists hold. Nearly always the two are one list. */
  public static List<String> commonLabels(List<String> one, List<String> other) {
    if (one.equals(other)) {
      return one;
    }
    TreeSet<String> common = new TreeSet<>(one);
    common.retainAll(other);
    return List.copyOf(common);
  }
}
