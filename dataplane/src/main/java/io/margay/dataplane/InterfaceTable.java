package io.margay.dataplane;

import io.margay.model.net.IpAddress;
import java.util.Map;
import java.util.Set;

/**
 * The host's network interfaces and their addresses: host endpoints may name an interface only by
 * an address that it should have.
 */
public record InterfaceTable(Map<String, Set<IpAddress>> addresses) {
  public static final InterfaceTable EMPTY = new InterfaceTable(Map.of());

  public InterfaceTable {
    addresses = Map.copyOf(addresses);
  }

  /** Whether the host itself has this address. */
  public boolean owns(IpAddress address) {
    return addresses.values().stream().anyMatch(all -> all.contains(address));
  }
}
