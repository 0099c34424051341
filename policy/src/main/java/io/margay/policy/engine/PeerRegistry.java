package io.margay.policy.engine;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.address.Answers;
import io.margay.policy.address.PeerItem;
import io.margay.policy.address.PeerItem.NamedPort;
import io.margay.policy.label.LayeredLabels;
import io.margay.policy.table.EndpointId;
import it.unimi.dsi.fastutil.objects.ObjectOpenHashSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What rules can select, with inherited labels: pods, host endpoints, network sets, nodes. Those
 * endpoints that this engine judges are told to the policies too.
 */
final class PeerRegistry {
  private final Scope scope;
  private final Answers answers;
  private final ProfileRegistry profiles;
  private final PolicyRegistry policies;
  private final Consumer<Endpoint> affected;
  private final Map<ResourceKey, Resource> peers = new HashMap<>();
  private final Map<String, Set<ResourceKey>> byProfile = new HashMap<>();

  /** What pods with the same service account are given besides their own labels, by its profile. */
  private final Map<String, Map<String, String>> given = new HashMap<>();

  private final Map<ResourceKey, Endpoint> endpoints = new HashMap<>();

  PeerRegistry(
      Scope scope,
      Answers answers,
      ProfileRegistry profiles,
      PolicyRegistry policies,
      Consumer<Endpoint> affected) {
    this.scope = scope;
    this.answers = answers;
    this.profiles = profiles;
    this.policies = policies;
    this.affected = affected;
  }

  /** Adds or changes a peer; one that has no network of its own is treated as absent. */
  void put(ResourceKey key, Resource resource) {
    if (!hasNetwork(resource)) {
      remove(key);
      return;
    }
    List<String> named = EndpointLabels.profiles(resource);
    Resource before = peers.put(key, resource);
    if (before != null) {
      unfile(key, EndpointLabels.profiles(before));
    }
    for (String profile : named) {
      byProfile.computeIfAbsent(profile, p -> new ObjectOpenHashSet<>(2)).add(key);
    }
    updateEndpoint(resource, named);
    relabel(key, resource);
  }

  void remove(ResourceKey key) {
    Resource gone = peers.remove(key);
    if (gone == null) {
      return;
    }
    unfile(key, EndpointLabels.profiles(gone));
    answers.removePeer(key);
    dropEndpoint(key);
  }

  void putNode(Node node) {
    answers.putNode(
        new PeerItem(
            node.key(),
            LayeredLabels.of(node.metadata().labels()),
            node.ipAddresses().stream().map(IpAddress::toCidr).toList(),
            List.of()));
  }

  /** The labels or rules of a profile changed, or it came or went. */
  void profileChanged(String name) {
    for (ResourceKey key : byProfile.getOrDefault(name, Set.of())) {
      relabel(key, Objects.requireNonNull(peers.get(key)));
      Endpoint endpoint = endpoints.get(key);
      if (endpoint != null) {
        affected.accept(endpoint);
      }
    }
  }

  /** The endpoint with this id, null if it is not judged here. */
  @Nullable Endpoint endpoint(EndpointId id) {
    Kind kind =
        switch (id.type()) {
          case WORKLOAD -> Kind.POD;
          case HOST -> Kind.HOST_ENDPOINT;
        };
    return endpoints.get(new ResourceKey(kind, id.namespace(), id.name()));
  }

  Collection<Endpoint> endpoints() {
    return endpoints.values();
  }

  int count() {
    return peers.size();
  }

  private void unfile(ResourceKey key, List<String> named) {
    for (String profile : named) {
      Set<ResourceKey> keys = byProfile.get(profile);
      if (keys != null && keys.remove(key) && keys.isEmpty()) {
        byProfile.remove(profile);
        given.remove(profile);
      }
    }
  }

  private void relabel(ResourceKey key, Resource resource) {
    List<String> named = EndpointLabels.profiles(resource);
    LayeredLabels labels =
        EndpointLabels.of(resource, named, given(resource, named), profiles::labels);
    answers.putPeer(new PeerItem(key, labels, prefixes(resource), ports(resource)));
    Endpoint endpoint = endpoints.get(key);
    if (endpoint != null) {
      policies.putEndpoint(endpoint, labels);
    }
  }

  private Map<String, String> given(Resource resource, List<String> named) {
    return resource instanceof Pod
        ? given.computeIfAbsent(named.getLast(), account -> EndpointLabels.given(resource))
        : EndpointLabels.given(resource);
  }

  private void updateEndpoint(Resource resource, List<String> named) {
    Endpoint fresh = endpointOf(resource);
    Endpoint endpoint = endpoints.get(resource.key());
    if (endpoint != null
        && (fresh == null || !fresh.interfaceName.equals(endpoint.interfaceName))) {
      dropEndpoint(resource.key());
      endpoint = null;
    }
    if (fresh == null) {
      return;
    }
    if (endpoint == null) {
      endpoint = fresh;
      endpoints.put(resource.key(), endpoint);
    }
    named.forEach(profiles::use);
    endpoint.profiles.forEach(profiles::disuse);
    endpoint.profiles = named;
    endpoint.addresses = addresses(resource);
    affected.accept(endpoint);
  }

  private void dropEndpoint(ResourceKey key) {
    Endpoint gone = endpoints.remove(key);
    if (gone != null) {
      policies.removeEndpoint(gone);
      gone.profiles.forEach(profiles::disuse);
      gone.profiles = List.of();
      affected.accept(gone);
    }
  }

  boolean judges(Endpoint endpoint) {
    return endpoints.get(endpoint.key) == endpoint;
  }

  private @Nullable Endpoint endpointOf(Resource resource) {
    return switch (resource) {
      case Pod pod when scope.includes(pod.key(), pod.spec().nodeName()) ->
          new Endpoint(
              EndpointId.pod(pod.metadata().namespace(), pod.metadata().name()),
              pod.key(),
              pod.hostInterface());
      case HostEndpoint host when scope.includes(host.key(), host.spec().node()) ->
          new Endpoint(
              EndpointId.host(host.metadata().name()), host.key(), host.spec().interfaceName());
      default -> null;
    };
  }

  /** A pod of the host's network is the host; a finished one has given its addresses back. */
  private static boolean hasNetwork(Resource resource) {
    return !(resource instanceof Pod pod)
        || (!pod.spec().hostNetwork() && !pod.finished() && !pod.status().podIPs().isEmpty());
  }

  private static List<IpAddress> addresses(Resource resource) {
    return switch (resource) {
      case Pod pod -> pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
      case HostEndpoint host -> host.spec().expectedIPs();
      default -> List.of();
    };
  }

  private static List<Cidr> prefixes(Resource resource) {
    return switch (resource) {
      case NetworkSet set -> set.nets();
      case GlobalNetworkSet set -> set.nets();
      default -> addresses(resource).stream().map(IpAddress::toCidr).toList();
    };
  }

  private static List<NamedPort> ports(Resource resource) {
    return switch (resource) {
      case Pod pod ->
          pod.spec().containers().stream()
              .flatMap(container -> container.ports().stream())
              .filter(port -> !port.name().isEmpty())
              .map(port -> new NamedPort(port.name(), port.protocol(), port.containerPort()))
              .toList();
      case HostEndpoint host ->
          host.spec().ports().stream()
              .map(port -> new NamedPort(port.name(), port.protocol(), port.port()))
              .toList();
      default -> List.of();
    };
  }
}
