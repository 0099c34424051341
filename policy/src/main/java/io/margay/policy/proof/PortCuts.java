package io.margay.policy.proof;

import io.margay.model.net.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;

/** Sets of ports that divide all ports into ranges; a range begins at each of them. */
final class PortCuts {
  private static final int EPHEMERAL = 40_000;

  private PortCuts() {}

  static void add(PortRange range, NavigableSet<Integer> cuts) {
    cuts.add(range.first());
    if (range.last() < PortRange.ALL.last()) {
      cuts.add(range.last() + 1);
    }
  }

  /** The ranges, of which the first begins at 0. */
  static List<PortRange> ranges(NavigableSet<Integer> cuts) {
    List<PortRange> ranges = new ArrayList<>(cuts.size());
    for (int first : cuts) {
      Integer next = cuts.higher(first);
      ranges.add(new PortRange(first, next == null ? PortRange.ALL.last() : next - 1));
    }
    return ranges;
  }

  /** A source port of the range, one that clients use where there is one. */
  static int client(PortRange range) {
    return range.contains(EPHEMERAL) ? EPHEMERAL : range.first();
  }
}
