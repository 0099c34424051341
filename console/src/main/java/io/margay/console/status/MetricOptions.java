package io.margay.console.status;

import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is exported beside the usual figures.
 *
 * @param ruleSeries how many rules are told of one by one at most; 0 for none
 * @param others figures of other parts of the process, read for each scrape
 */
public record MetricOptions(int ruleSeries, Supplier<List<MetricSnapshot>> others) {
  /** Nothing. */
  public static final MetricOptions NONE = new MetricOptions(0, List::of);
}
