package io.margay.network.ipam;

import java.util.List;

/**
 * What a request got.
 *
 * @param holdings IPv4 before IPv6
 * @param shortages why there are fewer than asked for, fit for a user; empty if there are not
 */
public record Assignment(List<Holding> holdings, List<String> shortages) {
  public Assignment {
    holdings = List.copyOf(holdings);
    shortages = List.copyOf(shortages);
  }

  public boolean isComplete() {
    return shortages.isEmpty();
  }
}
