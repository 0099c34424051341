package io.margay.policy.engine;

import io.margay.model.net.PortRange;
import io.margay.model.net.Protocol;
import io.margay.policy.engine.Walk.ActiveRule;
import it.unimi.dsi.fastutil.ints.IntAVLTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** Cuts protocols and ports where any of some rules begins or ends to match. */
final class PortGrid {
  private final List<ActiveRule> rules;
  private final NavigableSet<Protocol> mentioned = new TreeSet<>();

  PortGrid(List<ActiveRule> rules) {
    this.rules = rules;
    rules.forEach(active -> active.transport().mention(mentioned));
  }

  /** The protocols that rules tell apart, ascending by number. */
  NavigableSet<Protocol> mentioned() {
    return mentioned;
  }

  /** Any protocol that no rule tells apart stands for all of them. */
  Protocol unmentioned() {
    for (int number = 255; number > 1; number--) {
      Protocol protocol = new Protocol(number);
      if (!mentioned.contains(protocol) && !protocol.hasPorts() && !protocol.isIcmp()) {
        return protocol;
      }
    }
    // Every protocol has its own cells then, and the rest is empty.
    return new Protocol(255);
  }

  List<PortRange> sources(Protocol protocol) {
    IntSortedSet cuts = new IntAVLTreeSet();
    concerned(protocol).forEach(active -> active.transport().cutSource(protocol, cuts));
    return ranges(cuts);
  }

  /** Ranges of destination ports, or for ICMP of {@code type << 8 | code}. */
  List<PortRange> destinations(Protocol protocol) {
    IntSortedSet cuts = new IntAVLTreeSet();
    concerned(protocol).forEach(active -> active.transport().cutDestination(protocol, cuts));
    return ranges(cuts);
  }

  private List<ActiveRule> concerned(Protocol protocol) {
    List<ActiveRule> concerned = new ArrayList<>(rules.size());
    for (ActiveRule active : rules) {
      Protocol own = active.transport().protocol();
      if (own == null || own.equals(protocol)) {
        concerned.add(active);
      }
    }
    return concerned;
  }

  private static List<PortRange> ranges(IntSortedSet cuts) {
    cuts.add(0);
    int[] starts = cuts.toIntArray();
    List<PortRange> ranges = new ArrayList<>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      ranges.add(new PortRange(starts[i], i + 1 < starts.length ? starts[i + 1] - 1 : 0xffff));
    }
    return ranges;
  }
}
