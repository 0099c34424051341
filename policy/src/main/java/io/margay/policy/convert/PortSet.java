package io.margay.policy.convert;

import io.margay.model.net.PortRange;
import io.margay.model.resource.PortMatch;
import java.util.ArrayList;
import java.util.List;

/** Ports by number or name; a port matches when either does. Empty asks nothing. */
public record PortSet(List<PortRange> ranges, List<String> names) {
  public static final PortSet NONE = new PortSet(List.of(), List.of());

  public PortSet {
    ranges = List.copyOf(ranges);
    names = List.copyOf(names);
  }

  /** The ports that a Calico rule lists. */
  public static PortSet of(List<PortMatch> matches) {
    if (matches.isEmpty()) {
      return NONE;
    }
    List<PortRange> ranges = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (PortMatch match : matches) {
      switch (match) {
        case PortMatch.Numeric(PortRange range) -> ranges.add(range);
        case PortMatch.Named(String name) -> names.add(name);
      }
    }
    return new PortSet(ranges, names);
  }

  public boolean isEmpty() {
    return ranges.isEmpty() && names.isEmpty();
  }
}
