package io.margay.console.preview;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.model.net.IpFamily;
import io.margay.policy.proof.Place;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names places as flow records do: pods by their owners, hosts by their nodes. */
final class PlaceNames {
  private final Map<EndpointId, String> endpoints = new HashMap<>();
  private final Map<IpFamily, Long> outside = new EnumMap<>(IpFamily.class);

  private PlaceNames() {}

  /**
   * Names for the places of two states.
   *
   * @param places all of them
   */
  static PlaceNames of(TwoStates states, Collection<Place> places) {
    PlaceNames names = new PlaceNames();
    names.add(new ClusterView(states.resourcesAfter()));
    names.add(new ClusterView(states.resourcesBefore()));
    places.stream()
        .filter(place -> place.endpoint() == null)
        .forEach(place -> names.outside.merge(place.address().family(), 1L, Long::sum));
    return names;
  }

  private void add(ClusterView view) {
    for (ClusterEndpoint endpoint : view.endpoints()) {
      EndpointId id =
          endpoint.isPod()
              ? EndpointId.pod(endpoint.key().namespace(), endpoint.key().name())
              : EndpointId.host(endpoint.key().name());
      endpoints.put(id, ChangePreview.name(endpoint.peer()));
    }
  }

  /** The names of places, each once; one for all of the outside if all of it is among them. */
  List<String> of(List<Place> places) {
    Set<String> names = new LinkedHashSet<>();
    Map<IpFamily, List<String>> prefixes = new EnumMap<>(IpFamily.class);
    for (Place place : places) {
      if (place.endpoint() == null) {
        prefixes
            .computeIfAbsent(place.address().family(), _ -> new ArrayList<>())
            .add(place.prefix().toString());
      } else {
        names.add(endpoints.getOrDefault(place.endpoint(), place.endpoint().toString()));
      }
    }
    prefixes.forEach((family, some) -> {
      if (some.size() == outside.getOrDefault(family, 0L)) {
        names.add("outside IPv" + family.version());
      } else {
        names.addAll(some);
      }
    });
    return List.copyOf(names);
  }
}
