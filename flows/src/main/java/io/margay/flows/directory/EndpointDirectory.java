package io.margay.flows.directory;

import io.margay.flows.FlowPeer;
import io.margay.flows.FlowService;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Packet;
import io.margay.model.net.Protocol;
import io.margay.model.resource.AddressResource;
import io.margay.model.resource.AgentResource;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.MachineResource;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceChange;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.Service;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.resource.Tier;
import io.margay.model.resource.WorkbenchResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says who has an address, from the resources as they are now. Not thread-safe: it belongs to the
 * thread that applies changes.
 *
 * <p>An endpoint's address names the endpoint. Any other address is looked up in the network sets:
 * first those of the other end's namespace, then the global ones, then the rest, the longest prefix
 * winning within each. What is left is the public or the private network.
 */
public final class EndpointDirectory {
  private static final Attribution PUBLIC = network(FlowPeer.PUBLIC);
  private static final Attribution PRIVATE = network(FlowPeer.PRIVATE);

  /** What counts as a private network. */
  public static final List<Cidr> PRIVATE_NETS =
      List.of(
          Cidr.parse("10.0.0.0/8"),
          Cidr.parse("172.16.0.0/12"),
          Cidr.parse("192.168.0.0/16"),
          Cidr.parse("fc00::/7"));

  private final AddressIndex addresses = new AddressIndex();
  private final NetworkSetIndex networkSets = new NetworkSetIndex();
  private final ServiceIndex services = new ServiceIndex();

  private static Attribution network(String name) {
    return new Attribution(
        new FlowPeer(name, FlowPeer.NO_NAMESPACE, FlowPeer.Type.NETWORK), List.of());
  }

  /** Takes over one change. Kinds that own no addresses are passed over. */
  public void apply(ResourceChange change) {
    switch (change) {
      case ResourceChange.Upsert(Resource resource) -> upsert(resource);
      case ResourceChange.Removed(ResourceKey key) -> {
        addresses.remove(key);
        networkSets.remove(key);
        services.remove(key);
      }
      case ResourceChange.InSync _ -> {}
    }
  }

  private void upsert(Resource resource) {
    switch (resource) {
      case Pod pod -> addresses.put(pod);
      case HostEndpoint endpoint -> addresses.put(endpoint);
      case Node node -> addresses.put(node);
      case NetworkSet set -> networkSets.put(set);
      case GlobalNetworkSet set -> networkSets.put(set);
      case Service service -> services.put(service);
      case Namespace _,
          ServiceAccount _,
          EndpointSlice _,
          KubernetesNetworkPolicy _,
          ClusterNetworkPolicy _,
          Tier _,
          NetworkPolicy _,
          GlobalNetworkPolicy _,
          StagedNetworkPolicy _,
          StagedGlobalNetworkPolicy _,
          StagedKubernetesNetworkPolicy _,
          Profile _,
          AddressResource _,
          WorkbenchResource _,
          AgentResource _,
          MachineResource _ -> {}
    }
  }

  /** Both ends of a packet. */
  public record Ends(Attribution source, Attribution dest) {}

  /** Who sent a packet to whom. */
  public Ends attribute(Packet packet) {
    Attribution source = addresses.owner(packet.source());
    Attribution dest = addresses.owner(packet.destination());
    // Network sets are chosen with a view from the other end, so endpoints come first.
    return new Ends(
        source != null ? source : elsewhere(packet.source(), namespace(dest)),
        dest != null ? dest : elsewhere(packet.destination(), namespace(source)));
  }

  /**
   * Who has an address, for somebody in a namespace.
   *
   * @param viewedFrom {@value FlowPeer#NO_NAMESPACE} for somebody who is in none
   */
  public Attribution attribute(IpAddress address, String viewedFrom) {
    Attribution owner = addresses.owner(address);
    return owner != null ? owner : elsewhere(address, viewedFrom);
  }

  private static String namespace(@Nullable Attribution other) {
    return other == null ? FlowPeer.NO_NAMESPACE : other.peer().namespace();
  }

  private Attribution elsewhere(IpAddress address, String viewedFrom) {
    Attribution set = networkSets.find(address, viewedFrom);
    if (set != null) {
      return set;
    }
    return PRIVATE_NETS.stream().anyMatch(net -> net.contains(address)) ? PRIVATE : PUBLIC;
  }

  /** The service port that has this address, or null. */
  public @Nullable FlowService service(IpAddress address, Protocol protocol, int port) {
    return services.find(address, protocol, port);
  }
}
