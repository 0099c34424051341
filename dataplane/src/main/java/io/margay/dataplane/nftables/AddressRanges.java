package io.margay.dataplane.nftables;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * Nested prefixes as ranges side by side: nftables' interval maps know no longest match. Prefixes
 * come sorted, covering ones first, so one pass with a stack of the prefixes that are open does it.
 */
final class AddressRanges {
  private final Deque<Map.Entry<Cidr, Integer>> open = new ArrayDeque<>();
  private final List<Range> ranges = new ArrayList<>();

  /** The last address that has its range already. */
  private @Nullable IpAddress covered;

  private record Range(IpAddress first, IpAddress last, int value) {}

  /** The ranges of one family's prefixes, each with the value of its longest prefix. */
  static Map<ElementKey, ElementValue> of(NavigableMap<Cidr, Integer> prefixes) {
    AddressRanges ranges = new AddressRanges();
    prefixes.entrySet().forEach(ranges::enter);
    while (!ranges.open.isEmpty()) {
      ranges.leave();
    }
    Map<ElementKey, ElementValue> elements = new HashMap<>();
    for (Range range : ranges.ranges) {
      elements.put(
          new ElementKey.AddressRange(range.first, range.last), new ElementValue.Mark(range.value));
    }
    return elements;
  }

  private void enter(Map.Entry<Cidr, Integer> prefix) {
    while (!open.isEmpty() && !open.peek().getKey().contains(prefix.getKey())) {
      leave();
    }
    if (!open.isEmpty()) {
      Map.Entry<Cidr, Integer> outer = open.peek();
      IpAddress first = prefix.getKey().address();
      if (!first.equals(outer.getKey().address())) {
        cover(outer, first.previous());
      }
    }
    open.push(prefix);
  }

  private void leave() {
    Map.Entry<Cidr, Integer> prefix = open.pop();
    cover(prefix, prefix.getKey().last());
  }

  /** Gives the prefix everything from where the ranges end to {@code last}. */
  private void cover(Map.Entry<Cidr, Integer> prefix, IpAddress last) {
    IpAddress start = prefix.getKey().address();
    IpAddress end = covered;
    IpAddress first = end == null || end.compareTo(start) < 0 ? start : end.next();
    if (end != null && end.compareTo(last) >= 0) {
      return;
    }
    int value = prefix.getValue();
    Range before = ranges.isEmpty() ? null : ranges.getLast();
    if (before != null && before.value == value && before.last.next().equals(first)) {
      ranges.set(ranges.size() - 1, new Range(before.first, last, value));
    } else {
      ranges.add(new Range(first, last, value));
    }
    covered = last;
  }
}
