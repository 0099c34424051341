package io.margay.bench.calc;

import java.util.ArrayList;
import java.util.List;

/**
 * A workload with Felix's figures.
 *
 * @param name as one argument of a command line
 */
record CalcWorkload(String name, Work work, Felix felix) {

  /** What is run. */
  sealed interface Work {
    /** A cluster from nothing; the endpoints of this node are then deleted, or are not. */
    record Graph(Inputs inputs, boolean deleteLocal) implements Work {}

    /** Operations on a filled index. */
    record Labels(LabelLoad load, int size) implements Work {}
  }

  /** Of the process that ran all twelve label-index benchmarks. */
  private static final int LABELS_PEAK = 619;

  static List<CalcWorkload> all() {
    Inputs sets1k = new Snapshot(10_000, 0, 1_000);
    Inputs sets10k = new Snapshot(10_000, 0, 10_000);
    Inputs tags = new Snapshot(250_000, 10_000, 0);
    List<CalcWorkload> all = new ArrayList<>();
    all.add(graph("snapshot-10k-1k-netsets", sets1k, false, new Felix(1.18, 98, 262)));
    all.add(graph("snapshot-10k-10k-netsets", sets10k, false, new Felix(13.2, 791, 1_922)));
    all.add(graph("snapshot-250k-10k-tags", tags, false, new Felix(8.08, 283, 1_085)));
    all.add(graph("delete-local-10k-1k-netsets", sets1k, true, new Felix(1.26, 19, 264)));
    all.add(graph("delete-local-10k-10k-netsets", sets10k, true, new Felix(17.3, 78, 1_965)));
    all.add(graph("delete-local-250k-10k-tags", tags, true, new Felix(8.06, 200, 1_209)));
    all.add(customers("1k", 1_000, new Felix(0.050, 9, 70)));
    all.add(customers("10k", 10_000, new Felix(0.447, 39, 179)));
    all.add(customers("100k", 100_000, new Felix(9.58, 315, 1_250)));
    labels(all, "workload-update", LabelLoad.WORKLOAD_UPDATE, 10, 7.5, 20.5, 174, 2_930);
    labels(all, "parent-updates", LabelLoad.PARENT_UPDATES, 100, 6.4, 6.7, 6.2, 7.4);
    labels(all, "selector-updates", LabelLoad.SELECTOR_UPDATES, 100, 11.1, 77.6, 1_102, 13_620);
    return all;
  }

  private static CalcWorkload graph(String name, Inputs inputs, boolean delete, Felix felix) {
    return new CalcWorkload(name, new Work.Graph(inputs, delete), felix);
  }

  private static CalcWorkload customers(String size, int customers, Felix felix) {
    return graph("isolated-customers-" + size, new IsolatedCustomers(customers), false, felix);
  }

  /** One for each size, of which each is ten times the one before. */
  private static void labels(
      List<CalcWorkload> all, String name, LabelLoad load, int smallest, double... micros) {
    int size = smallest;
    for (double each : micros) {
      Felix felix = new Felix(each / 1e6, 0, LABELS_PEAK);
      all.add(new CalcWorkload(name + "-" + size, new Work.Labels(load, size), felix));
      size *= 10;
    }
  }
}
