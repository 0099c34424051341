package io.margay.bench.connect;

import io.margay.bench.JsonLine;
import io.margay.bench.Samples;
import io.margay.bench.connect.JudgedNode.Timing;
import io.margay.model.resource.Pod;
import java.util.function.IntFunction;

/** How long a pod takes that comes and one that goes, from its resource to the kernel. */
final class PodChurn {
  private final Changes added = new Changes();
  private final Changes removed = new Changes();
  private double transactionsEach;

  /** Times of one kind of change, in milliseconds. */
  private record Changes(Samples all, Samples engine, Samples dataplane) {
    Changes() {
      this(new Samples(), new Samples(), new Samples());
    }

    void add(Timing timing) {
      all.add(timing.millis());
      engine.add(timing.engineMillis());
      dataplane.add(timing.dataplaneMillis());
    }
  }

  /** Adds pods one by one and removes each before the next. */
  static PodChurn measure(JudgedNode node, int pods, IntFunction<Pod> newcomers) {
    PodChurn churn = new PodChurn();
    long before = node.transactions();
    for (int i = 0; i < pods; i++) {
      Pod pod = newcomers.apply(i);
      churn.added.add(node.add(pod));
      churn.removed.add(node.remove(pod));
    }
    churn.transactionsEach = (node.transactions() - before) / (2.0 * pods);
    return churn;
  }

  /** How many transactions a pod took that came or went, on average. */
  double transactionsEach() {
    return transactionsEach;
  }

  double medianAddMillis() {
    return added.all.median();
  }

  double medianRemoveMillis() {
    return removed.all.median();
  }

  JsonLine result(String name) {
    return JsonLine.of("connect", name)
        .number("transactionsEach", transactionsEach)
        .number("addMillis", added.all.median())
        .number("addMillis99", added.all.quantile(0.99))
        .number("addEngineMillis", added.engine.median())
        .number("addDataplaneMillis", added.dataplane.median())
        .number("removeMillis", removed.all.median())
        .number("removeMillis99", removed.all.quantile(0.99))
        .number("removeEngineMillis", removed.engine.median())
        .number("removeDataplaneMillis", removed.dataplane.median());
  }
}
