package io.margay.policy.proof;

import io.margay.model.assertion.Peers;
import io.margay.model.net.Cidr;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.selector.Selector;
import io.margay.policy.convert.EffectiveSelectors;
import io.margay.policy.convert.ProfileRules;
import io.margay.policy.engine.EndpointLabels;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Which places the sides of assertions name. */
final class Members {
  private final Map<ResourceKey, Resource> resources;
  private final Map<String, Map<String, String>> profiles = new HashMap<>();

  Members(Map<ResourceKey, Resource> resources) {
    this.resources = resources;
    for (Resource resource : resources.values()) {
      switch (resource) {
        case Namespace namespace -> add(ProfileRules.of(namespace));
        case ServiceAccount account -> add(ProfileRules.of(account));
        case Profile profile -> add(ProfileRules.of(profile));
        default -> {}
      }
    }
  }

  private void add(ProfileRules rules) {
    profiles.put(rules.name(), rules.labels());
  }

  /** The prefixes of all network sets, at which places must be divided. */
  Set<Cidr> nets() {
    Set<Cidr> all = new HashSet<>();
    resources.values().forEach(resource -> all.addAll(nets(resource)));
    return all;
  }

  private static List<Cidr> nets(Resource resource) {
    return switch (resource) {
      case NetworkSet set -> set.nets();
      case GlobalNetworkSet set -> set.nets();
      default -> List.of();
    };
  }

  /** Those of the places that are named. */
  List<Place> of(Peers peers, Collection<Place> places) {
    Predicate<Place> named =
        switch (peers) {
          case Peers.Selected selected -> selected(selector(selected));
          case Peers.Within(Cidr cidr) -> place -> cidr.contains(place.address());
          case Peers.Outside() -> place -> place.endpoint() == null;
          case Peers.Anybody() -> _ -> true;
        };
    return places.stream().filter(named).toList();
  }

  private static Selector selector(Peers.Selected selected) {
    Selector own = selected.selector() == null ? Selector.all() : selected.selector();
    if (selected.namespaces() == null) {
      return own;
    }
    Selector inNamespaces = EffectiveSelectors.namespaces(selected.namespaces());
    return selected.selector() == null ? inNamespaces : inNamespaces.and(own);
  }

  private Predicate<Place> selected(Selector selector) {
    Set<EndpointId> endpoints = new HashSet<>();
    List<Cidr> nets = new ArrayList<>();
    for (Resource resource : resources.values()) {
      if (selects(selector, resource)) {
        String name = resource.metadata().name();
        switch (resource.kind()) {
          case POD -> endpoints.add(EndpointId.pod(resource.metadata().namespace(), name));
          case HOST_ENDPOINT -> endpoints.add(EndpointId.host(name));
          default -> nets.addAll(nets(resource));
        }
      }
    }
    return place ->
        (place.endpoint() != null && endpoints.contains(place.endpoint()))
            || nets.stream().anyMatch(net -> net.contains(place.address()));
  }

  private boolean selects(Selector selector, Resource resource) {
    return switch (resource.kind()) {
      case POD, HOST_ENDPOINT, NETWORK_SET, GLOBAL_NETWORK_SET ->
          selector.matches(
              EndpointLabels.of(resource, name -> profiles.getOrDefault(name, Map.of())));
      default -> false;
    };
  }
}
