package io.margay.dataplane.nftables;

import io.margay.dataplane.DeltaTracker;
import io.margay.model.net.IpAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that lose their entry, and what is found for them from then on: the class of the range
 * behind them.
 *
 * <p>A class often goes with its last address. A packet that was given the class a moment ago then
 * finds nothing in its group's map and gets the usual table. Where that is also what the range
 * gets, address and class can go in one transaction; elsewhere the class has to wait.
 */
final class Departures {
  /** The classes of the ranges; null when addresses do more than leave. */
  private final @Nullable Set<ElementKey> behind;

  private Departures(@Nullable Set<ElementKey> behind) {
    this.behind = behind;
  }

  static Departures of(Ruleset ruleset) {
    Set<ElementKey> behind = new HashSet<>();
    boolean[] more = new boolean[1];
    for (String map : Layout.CLASS_MAPS) {
      DeltaTracker<ElementKey, ElementValue> content = ruleset.elements(map);
      more[0] |= Layout.isRangeMap(map) && !content.inSync();
      content.forEachToSet((key, value) -> more[0] = true);
      content.forEachToRemove(key -> {
        if (classBehind(ruleset, map, key) instanceof ElementValue.Mark(int peerClass)) {
          behind.add(new ElementKey.Mark(peerClass));
        } else {
          more[0] = true;
        }
      });
    }
    return new Departures(more[0] ? null : behind);
  }

  /** Whether classes may leave a group's map in the same transaction as their addresses. */
  boolean allowRemovalsFrom(DeltaTracker<ElementKey, ElementValue> groupMap) {
    return behind != null && behind.stream().allMatch(range -> groupMap.actual(range) == null);
  }

  /** The class of the range in which an address is that has no entry of its own. */
  static @Nullable ElementValue classBehind(Ruleset ruleset, String addressMap, ElementKey key) {
    if (!(key instanceof ElementKey.Address(IpAddress address))) {
      return null;
    }
    for (Map.Entry<ElementKey, ElementValue> range :
        ruleset.elements(Layout.rangesBehind(addressMap)).desired().entrySet()) {
      if (range.getKey() instanceof ElementKey.AddressRange(IpAddress first, IpAddress last)
          && first.compareTo(address) <= 0
          && last.compareTo(address) >= 0) {
        return range.getValue();
      }
    }
    return null;
  }
}
