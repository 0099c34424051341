package io.margay.console.preview;

import io.margay.flows.directory.EndpointDirectory;
import io.margay.model.net.IpAddress;
import io.margay.model.net.IpFamily;
import io.margay.policy.proof.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that nobody has, of every kind that pods may have: one in each prefix of private
 * addresses that anything tells apart from what is around it.
 */
final class FreeAddresses {
  /** A prefix in which so many addresses in a row are taken has no room. */
  private static final int TRIES = 256;

  private final List<Place> owned;
  private final List<Place> free;
  private final Map<Place, IpAddress> given = new HashMap<>();

  /** Those between the places of a comparison. */
  FreeAddresses(Collection<Place> places) {
    Set<IpFamily> families =
        places.stream()
            .filter(place -> place.endpoint() != null)
            .map(place -> place.address().family())
            .collect(Collectors.toSet());
    this.owned = places.stream().filter(place -> place.endpoint() != null).toList();
    this.free =
        places.stream()
            .filter(place -> place.endpoint() == null && !place.prefix().isSingle())
            .filter(place -> families.contains(place.address().family()))
            .filter(place ->
                EndpointDirectory.PRIVATE_NETS.stream().anyMatch(n -> n.contains(place.address())))
            .toList();
  }

  /** One of every kind; none of them was given before. */
  List<IpAddress> next() {
    List<IpAddress> all = new ArrayList<>();
    for (Place place : free) {
      IpAddress last = given.get(place);
      IpAddress found = free(place, last == null ? place.address() : last.next());
      if (found != null) {
        given.put(place, found);
        all.add(found);
      }
    }
    return all;
  }

  private @Nullable IpAddress free(Place place, IpAddress first) {
    IpAddress address = first;
    for (int i = 0; i < TRIES && place.prefix().contains(address); i++) {
      if (isOfNoOther(place, address)) {
        return address;
      }
      address = address.next();
    }
    return null;
  }

  private boolean isOfNoOther(Place place, IpAddress address) {
    return owned.stream().noneMatch(other -> other.address().equals(address))
        && free.stream()
            .noneMatch(other ->
                other.prefix().prefixLength() > place.prefix().prefixLength()
                    && other.prefix().contains(address));
  }
}
