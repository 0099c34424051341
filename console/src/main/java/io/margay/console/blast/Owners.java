package io.margay.console.blast;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.cluster.NamedOwner;
import io.margay.flows.FlowPeer;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import java.util.List;

/**
 * Whom to ask about something: what the resource says itself ({@link NamedOwner}), or its
 * namespace, or else the namespace's name.
 */
final class Owners {
  /** Of what belongs to no namespace and names nobody. */
  private static final String CLUSTER = "cluster administrators";

  /** Of addresses that are nobody's here. */
  private static final String OUTSIDE = "outside the cluster";

  private final ClusterView cluster;

  Owners(ClusterView cluster) {
    this.cluster = cluster;
  }

  String of(Resource resource) {
    String named = named(resource.metadata());
    return named.isEmpty() ? ofNamespace(resource.metadata().namespace()) : named;
  }

  String of(FlowPeer peer) {
    if (peer.namespace().equals(FlowPeer.NO_NAMESPACE)) {
      return peer.type() == FlowPeer.Type.NETWORK ? OUTSIDE : CLUSTER;
    }
    List<ClusterEndpoint> endpoints = cluster.named(peer.namespace(), peer.name());
    return endpoints.isEmpty()
        ? ofNamespace(peer.namespace())
        : of(endpoints.getFirst().resource());
  }

  String of(ListedAddress listed) {
    return listed.owner().isEmpty() ? "whoever keeps the list " + listed.list() : listed.owner();
  }

  private String ofNamespace(String name) {
    if (name.isEmpty()) {
      return CLUSTER;
    }
    Resource namespace = cluster.resources().get(new ResourceKey(Kind.NAMESPACE, "", name));
    String named = namespace == null ? "" : named(namespace.metadata());
    return named.isEmpty() ? "namespace " + name : named;
  }

  private static String named(ObjectMeta metadata) {
    return NamedOwner.of(
        name -> metadata.annotations().getOrDefault(name, ""),
        name -> metadata.labels().getOrDefault(name, ""));
  }
}
