package io.margay.policy.proof;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.policy.table.DecisionTables;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Divides all addresses so finely that no table and no assertion tells two addresses of one place
 * apart: at every prefix of the tables and every prefix that the caller names.
 */
final class Places {
  /** Addresses for documentation, which read better than the first of a prefix. */
  private static final List<IpAddress> NICE =
      List.of(
          IpAddress.parse("192.0.2.1"),
          IpAddress.parse("198.51.100.1"),
          IpAddress.parse("203.0.113.1"),
          IpAddress.parse("2001:db8::1"));

  private final NavigableSet<Cidr> prefixes = new TreeSet<>();

  private Places() {}

  /**
   * All places.
   *
   * @param tables of one state or several; an endpoint of any of them has its places
   * @param cuts further prefixes that must not be mixed with what is around them
   */
  static List<Place> of(List<DecisionTables> tables, Collection<Cidr> cuts) {
    Places places = new Places();
    places.prefixes.addAll(cuts);
    tables.forEach(table -> places.prefixes.addAll(table.classes().keySet()));
    List<Place> all = new ArrayList<>();
    NavigableSet<Cidr> owned = new TreeSet<>();
    addresses(tables)
        .forEach((endpoint, addresses) -> {
          for (IpAddress address : addresses) {
            all.add(new Place(endpoint, address.toCidr(), address));
            owned.add(address.toCidr());
          }
        });
    places.prefixes.addAll(owned);
    for (Cidr prefix : places.prefixes) {
      IpAddress address = owned.contains(prefix) ? null : places.representative(prefix);
      if (address != null) {
        all.add(new Place(null, prefix, address));
      }
    }
    return all;
  }

  private static Map<EndpointId, Set<IpAddress>> addresses(List<DecisionTables> tables) {
    Map<EndpointId, Set<IpAddress>> all = new TreeMap<>();
    for (DecisionTables state : tables) {
      state
          .endpoints()
          .forEach((id, endpoint) ->
              all.computeIfAbsent(id, _ -> new LinkedHashSet<>()).addAll(endpoint.addresses()));
    }
    return all;
  }

  /** An address of the prefix that no longer prefix covers; null if they cover all of it. */
  private @Nullable IpAddress representative(Cidr prefix) {
    for (IpAddress nice : NICE) {
      if (prefix.contains(nice) && prefix.equals(longest(nice))) {
        return nice;
      }
    }
    IpAddress free = prefix.address();
    for (Cidr inner : prefixes.subSet(prefix, false, prefix.last().toCidr(), true)) {
      if (inner.address().compareTo(free) > 0) {
        return free;
      }
      IpAddress last = inner.last();
      if (last.equals(prefix.last())) {
        return null;
      }
      if (last.compareTo(free) >= 0) {
        free = last.next();
      }
    }
    return free;
  }

  private @Nullable Cidr longest(IpAddress address) {
    for (int length = address.family().bits(); length >= 0; length--) {
      Cidr cidr = new Cidr(address, length);
      if (prefixes.contains(cidr)) {
        return cidr;
      }
    }
    return null;
  }
}
