package io.margay.policy.proof;

import io.margay.model.net.PortRange;
import java.util.NavigableSet;

/** Sets of ports that divide all ports into stretches; a stretch begins at each of them. */
final class PortCuts {
  private static final int EPHEMERAL = 40_000;

  private PortCuts() {}

  static void add(PortRange range, NavigableSet<Integer> cuts) {
    cuts.add(range.first());
    if (range.last() < PortRange.ALL.last()) {
      cuts.add(range.last() + 1);
    }
  }

  /** A source port of the stretch that begins here, one that clients use where there is one. */
  static int client(int start, NavigableSet<Integer> cuts) {
    Integer stretch = cuts.floor(EPHEMERAL);
    return stretch != null && stretch == start ? EPHEMERAL : start;
  }
}
