package io.margay.console.cluster;

import io.margay.flows.FlowPeer;
import io.margay.model.manifest.ResourceDecoder;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.ServiceAccount;
import io.margay.policy.convert.Policy;
import io.margay.policy.convert.PolicyConversion;
import io.margay.policy.convert.ProfileRules;
import io.margay.policy.engine.EndpointLabels;
import io.margay.store.ResourceStore;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One state of the cluster. Immutable. */
public final class ClusterView {
  private final Map<ResourceKey, Resource> resources;
  private final Map<String, Map<String, String>> profileLabels = new HashMap<>();

  public ClusterView(Map<ResourceKey, Resource> resources) {
    this.resources = Map.copyOf(resources);
    for (Resource resource : this.resources.values()) {
      switch (resource) {
        case Namespace namespace -> put(ProfileRules.of(namespace));
        case ServiceAccount account -> put(ProfileRules.of(account));
        case Profile profile -> put(ProfileRules.of(profile));
        default -> {}
      }
    }
  }

  /** All that a store holds. */
  public static ClusterView of(ResourceStore store) {
    Map<ResourceKey, Resource> resources = new HashMap<>();
    for (Kind kind : Kind.ofNetwork()) {
      store
          .list(kind, "")
          .items()
          .forEach(
              object -> resources.put(object.key(), ResourceDecoder.decode(object).resource()));
    }
    return new ClusterView(resources);
  }

  private void put(ProfileRules profile) {
    profileLabels.put(profile.name(), profile.labels());
  }

  public Map<ResourceKey, Resource> resources() {
    return resources;
  }

  /** The resources of a kind, sorted. */
  public Stream<Resource> ofKind(Kind kind) {
    return resources.values().stream()
        .filter(resource -> resource.kind() == kind)
        .sorted(Comparator.comparing(Resource::key));
  }

  /** Whatever policies can govern: pods with a network of their own that still run, and hosts. */
  public List<ClusterEndpoint> endpoints() {
    return resources.values().stream()
        .filter(ClusterView::isEndpoint)
        .sorted(Comparator.comparing(Resource::key))
        .map(this::endpoint)
        .toList();
  }

  private static boolean isEndpoint(Resource resource) {
    return resource instanceof HostEndpoint
        || (resource instanceof Pod pod && !pod.finished() && !pod.spec().hostNetwork());
  }

  private ClusterEndpoint endpoint(Resource resource) {
    String node =
        switch (resource) {
          case Pod pod -> pod.spec().nodeName();
          case HostEndpoint host -> host.spec().node();
          default -> "";
        };
    return new ClusterEndpoint(
        resource,
        node,
        EndpointLabels.of(resource, name -> profileLabels.getOrDefault(name, Map.of())));
  }

  /**
   * The endpoints that a name of flow records or people stands for: a pod, the pods of an owner, a
   * host endpoint, or the host endpoints of a node.
   *
   * @param namespace {@value FlowPeer#NO_NAMESPACE} or empty for hosts
   */
  public List<ClusterEndpoint> named(String namespace, String name) {
    boolean host = namespace.isEmpty() || namespace.equals(FlowPeer.NO_NAMESPACE);
    ResourceKey exact =
        host
            ? new ResourceKey(Kind.HOST_ENDPOINT, "", name)
            : new ResourceKey(Kind.POD, namespace, name);
    Resource found = resources.get(exact);
    if (found != null && isEndpoint(found)) {
      return List.of(endpoint(found));
    }
    if (host) {
      return endpoints().stream().filter(e -> !e.isPod() && e.node().equals(name)).toList();
    }
    List<ClusterEndpoint> there =
        endpoints().stream()
            .filter(e -> e.isPod() && e.key().namespace().equals(namespace))
            .toList();
    if (name.endsWith("*")) {
      return there.stream().filter(e -> e.peer().name().equals(name)).toList();
    }
    return there.stream().filter(e -> e.key().name().startsWith(name + "-")).toList();
  }

  /** A policy in the form that the engine evaluates. */
  public Optional<Policy> policy(ResourceKey key) {
    Resource resource = resources.get(key);
    return resource == null
        ? Optional.empty()
        : Optional.ofNullable(PolicyConversion.convert(resource).policy());
  }

  /** The endpoints that a policy governs. */
  public List<ClusterEndpoint> governedBy(Policy policy) {
    return endpoints().stream()
        .filter(endpoint -> policy.subject().matches(endpoint.effective()))
        .toList();
  }
}
