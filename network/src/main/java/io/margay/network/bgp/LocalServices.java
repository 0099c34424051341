package io.margay.network.bgp;

import io.margay.model.net.IpAddress;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Service;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The services whose traffic from outside stays on the node that it reaches (external traffic
 * policy Local), and whether a node has endpoints of them. Not thread-safe.
 */
final class LocalServices {
  private final String node;
  private final Map<ResourceKey, Service> services = new HashMap<>();

  /** Slices with an endpoint on the node that is ready, by the services that they are of. */
  private final Map<ResourceKey, ResourceKey> servedHere = new HashMap<>();

  LocalServices(String node) {
    this.node = node;
  }

  /** Takes a service or a slice, and nothing else. */
  boolean take(Resource resource) {
    if (resource instanceof Service service) {
      services.remove(service.key());
      if (service.spec().localOnly()) {
        services.put(service.key(), service);
      }
      return true;
    }
    if (resource instanceof EndpointSlice slice) {
      servedHere.remove(slice.key());
      if (slice.endpoints().stream().anyMatch(e -> e.nodeName().equals(node) && e.isReady())) {
        String namespace = slice.metadata().namespace();
        servedHere.put(slice.key(), new ResourceKey(Kind.SERVICE, namespace, slice.serviceName()));
      }
      return true;
    }
    return false;
  }

  void remove(ResourceKey key) {
    services.remove(key);
    servedHere.remove(key);
  }

  /** All addresses of those services that have an endpoint here. */
  SortedSet<IpAddress> addresses() {
    Set<ResourceKey> served = new HashSet<>(servedHere.values());
    SortedSet<IpAddress> addresses = new TreeSet<>();
    services.forEach((key, service) -> {
      if (served.contains(key)) {
        service.spec().clusterIPs().forEach(text -> clusterAddress(text).ifPresent(addresses::add));
        addresses.addAll(service.spec().externalIPs());
        addresses.addAll(service.loadBalancerIPs());
      }
    });
    return addresses;
  }

  /** Empty for the None of headless services, and for what is no address. */
  private static Optional<IpAddress> clusterAddress(String text) {
    try {
      return Optional.of(IpAddress.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
