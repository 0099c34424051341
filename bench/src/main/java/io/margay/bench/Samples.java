package io.margay.bench;

import java.util.ArrayList;
import java.util.List;

/** Measured values of one kind. */
public final class Samples {
  private final List<Double> values = new ArrayList<>();

  public void add(double value) {
    values.add(value);
  }

  public int count() {
    return values.size();
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
}
