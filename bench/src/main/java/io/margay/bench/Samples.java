package io.margay.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values of one kind. */
public final class Samples {
  private final List<Double> values = new ArrayList<>();

  public void add(double value) {
    values.add(value);
  }

  public List<Double> values() {
    return Collections.unmodifiableList(values);
  }

  public double median() {
    return quantile(0.5);
  }

  /**
   * The value below which a part of all values lies.
   *
   * @param part 0 to 1
   */
  public double quantile(double part) {
    List<Double> sorted = values.stream().sorted().toList();
    if (sorted.isEmpty()) {
      throw new IllegalStateException("nothing was measured");
    }
    return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(part * (sorted.size() - 1))));
  }

  /**
   * The median of the ratios of values that were measured one after the other: what slows the
   * machine down for a while falls on both sides of a ratio.
   */
  public double medianRatioTo(Samples other) {
    Samples ratios = new Samples();
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      ratios.add(values.get(i) / other.values.get(i));
    }
    return ratios.median();
  }
}
