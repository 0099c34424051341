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

  /**
   * The ports of one protocol, of which every rule matches a whole range or nothing.
   *
   * @param destinations for ICMP ranges of {@code type << 8 | code}
   */
  record Ports(List<PortRange> sources, List<PortRange> destinations) {}

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

  Ports ports(Protocol protocol) {
    IntSortedSet sourceCuts = new IntAVLTreeSet();
    IntSortedSet destinationCuts = new IntAVLTreeSet();
    for (ActiveRule active : rules) {
      Protocol own = active.transport().protocol();
      if (own == null || own.equals(protocol)) {
        active.transport().cutSource(protocol, sourceCuts);
        active.transport().cutDestination(protocol, destinationCuts);
      }
    }
    return new Ports(ranges(sourceCuts), ranges(destinationCuts));
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
