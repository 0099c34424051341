package io.margay.policy.address;

import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** An immutable set of facts. */
public final class FactSet {
  public static final FactSet EMPTY = new FactSet(new int[0]);

  private final int[] sorted;
  private final int hash;

  private FactSet(int[] sorted) {
    this.sorted = sorted;
    this.hash = Arrays.hashCode(sorted);
  }

  /** The facts of a list, which may repeat itself. */
  public static FactSet of(IntArrayList facts) {
    if (facts.isEmpty()) {
      return EMPTY;
    }
    int[] sorted = facts.toIntArray();
    IntArrays.quickSort(sorted);
    int size = 1;
    for (int i = 1; i < sorted.length; i++) {
      if (sorted[i] != sorted[size - 1]) {
        sorted[size++] = sorted[i];
      }
    }
    return new FactSet(size == sorted.length ? sorted : Arrays.copyOf(sorted, size));
  }

  /** What any of the sets holds. */
  public static FactSet union(List<FactSet> sets) {
    FactSet only = EMPTY;
    int nonEmpty = 0;
    for (FactSet set : sets) {
      if (!set.isEmpty() && !set.equals(only)) {
        only = set;
        nonEmpty++;
      }
    }
    if (nonEmpty <= 1) {
      return only;
    }
    IntArrayList all = new IntArrayList();
    for (FactSet set : sets) {
      all.addElements(all.size(), set.sorted);
    }
    return of(all);
  }

  public boolean isEmpty() {
    return sorted.length == 0;
  }

  public int size() {
    return sorted.length;
  }

  public int get(int index) {
    return sorted[index];
  }

  public boolean contains(int fact) {
    return Arrays.binarySearch(sorted, fact) >= 0;
  }

  /** The facts that pass the test. */
  public FactSet filter(IntPredicate keep) {
    int kept = 0;
    int[] result = new int[sorted.length];
    for (int fact : sorted) {
      if (keep.test(fact)) {
        result[kept++] = fact;
      }
    }
    if (kept == sorted.length) {
      return this;
    }
    return kept == 0 ? EMPTY : new FactSet(Arrays.copyOf(result, kept));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FactSet set && hash == set.hash && Arrays.equals(sorted, set.sorted);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(sorted);
  }
}
