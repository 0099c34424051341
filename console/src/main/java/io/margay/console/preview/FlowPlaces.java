package io.margay.console.preview;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.FlowPeer;
import io.margay.flows.directory.EndpointDirectory;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.proof.Place;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The places that a name of flow records can stand for: records keep no addresses. */
final class FlowPlaces {
  private final EndpointDirectory directory = new EndpointDirectory();
  private final Map<FlowPeer, List<Place>> endpoints = new HashMap<>();
  private final List<Place> outside = new ArrayList<>();
  private final Map<String, Map<FlowPeer, List<Place>>> outsideSeenFrom = new HashMap<>();

  /**
   * The places of a cluster.
   *
   * @param places of a comparison that does not mix {@link #cuts} with others
   * @param gone names of endpoints that are called otherwise than the cluster says
   */
  FlowPlaces(ClusterView view, Collection<Place> places, Map<EndpointId, FlowPeer> gone) {
    view.resources().values().forEach(r -> directory.apply(new ResourceChange.Upsert(r)));
    Map<EndpointId, FlowPeer> names = new HashMap<>();
    Set<IpAddress> ofHosts = new HashSet<>();
    for (ClusterEndpoint endpoint : view.endpoints()) {
      names.put(id(endpoint), endpoint.peer());
      for (IpAddress address : unlisted(endpoint, view)) {
        ofHosts.add(address);
        add(endpoint.peer(), new Place(id(endpoint), address.toCidr(), address));
      }
    }
    names.putAll(gone);
    for (Place place : places) {
      FlowPeer name = place.endpoint() == null ? null : names.get(place.endpoint());
      if (name != null) {
        add(name, place);
      } else if (place.endpoint() == null && !ofHosts.contains(place.address())) {
        outside.add(place);
      }
    }
  }

  private void add(FlowPeer name, Place place) {
    endpoints.computeIfAbsent(name, _ -> new ArrayList<>()).add(place);
  }

  private static EndpointId id(ClusterEndpoint endpoint) {
    ResourceKey key = endpoint.key();
    return endpoint.isPod()
        ? EndpointId.pod(key.namespace(), key.name())
        : EndpointId.host(key.name());
  }

  /** A host endpoint that lists no addresses has those of its node. */
  private static List<IpAddress> unlisted(ClusterEndpoint endpoint, ClusterView view) {
    return endpoint.resource() instanceof HostEndpoint host
            && host.spec().expectedIPs().isEmpty()
            && view.resources().get(new ResourceKey(Kind.NODE, "", host.spec().node()))
                instanceof Node node
        ? node.ipAddresses()
        : List.of();
  }

  /** Prefixes at which names of flow records change, apart from those of network sets. */
  static List<Cidr> cuts(ClusterView view) {
    List<Cidr> cuts = new ArrayList<>(EndpointDirectory.PRIVATE_NETS);
    view.ofKind(Kind.NODE)
        .map(Node.class::cast)
        .forEach(node -> node.ipAddresses().forEach(address -> cuts.add(address.toCidr())));
    return cuts;
  }

  /**
   * All places that a name can stand for; none if it is not there any more.
   *
   * @param other the other end of the flow, from whose namespace network sets are chosen
   */
  List<Place> of(FlowPeer peer, FlowPeer other) {
    List<Place> all = new ArrayList<>(endpoints.getOrDefault(peer, List.of()));
    all.addAll(
        outsideSeenFrom
            .computeIfAbsent(other.namespace(), this::outsideSeenFrom)
            .getOrDefault(peer, List.of()));
    return all;
  }

  private Map<FlowPeer, List<Place>> outsideSeenFrom(String namespace) {
    Map<FlowPeer, List<Place>> names = new HashMap<>();
    for (Place place : outside) {
      names
          .computeIfAbsent(
              directory.attribute(place.address(), namespace).peer(), _ -> new ArrayList<>())
          .add(place);
    }
    return names;
  }
}
