package io.margay.flows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * The labels that both sorted lists hold. Nearly always the two are one list, or soon will be.
   */
  public static List<String> commonLabels(List<String> one, List<String> other) {
    if (one == other || holdsAll(other, one)) {
      return one;
    }
    List<String> common = new ArrayList<>(one.size());
    int place = 0;
    for (String label : one) {
      int difference = -1;
      while (place < other.size() && (difference = other.get(place).compareTo(label)) < 0) {
        place++;
      }
      if (difference == 0) {
        common.add(label);
      }
    }
    return common.size() == one.size() ? one : List.copyOf(common);
  }

  private static boolean holdsAll(List<String> labels, List<String> wanted) {
    int place = 0;
    for (String label : wanted) {
      while (place < labels.size() && !labels.get(place).equals(label)) {
        place++;
      }
      if (place++ == labels.size()) {
        return false;
      }
    }
    return true;
  }
}
