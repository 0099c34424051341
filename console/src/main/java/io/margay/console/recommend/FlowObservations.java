package io.margay.console.recommend;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.preview.ChangePreview;
import io.margay.console.preview.Conversation;
import io.margay.console.preview.Conversation.Ends;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.flows.Reporter;
import io.margay.flows.directory.EndpointDirectory;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.model.resource.RuleAction;
import io.margay.policy.recommend.Observation;
import io.margay.policy.recommend.Peer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What flow records tell of conversations, with the labels that the cluster's pods have now. */
public final class FlowObservations {
  private final ClusterView view;
  private final WorkloadNames workloads;
  private final Map<String, List<IpAddress>> hosts = new HashMap<>();
  private final Map<String, List<ClusterEndpoint>> hostEndpoints = new HashMap<>();
  private final SortedSet<String> notes = new TreeSet<>();

  /** Observations in the cluster as it is. */
  public FlowObservations(ClusterView view) {
    this.view = view;
    List<ClusterEndpoint> endpoints = view.endpoints();
    this.workloads = new WorkloadNames(endpoints);
    for (ClusterEndpoint endpoint : endpoints) {
      if (!endpoint.isPod()) {
        host(endpoint.node(), endpoint.addresses());
        hostEndpoints.computeIfAbsent(endpoint.node(), _ -> new ArrayList<>()).add(endpoint);
      }
    }
    view.ofKind(Kind.NODE).forEach(node -> host(node.key().name(), ((Node) node).ipAddresses()));
  }

  private void host(String node, List<IpAddress> addresses) {
    hosts.computeIfAbsent(node, _ -> new ArrayList<>()).addAll(addresses);
  }

  /** What could not be used, a sentence each, sorted. */
  public Set<String> notes() {
    return notes;
  }

  /** The conversations that each end which told of them allowed when it last did. */
  public List<Observation> of(Collection<Flow> flows) {
    List<Observation> seen = new ArrayList<>();
    int denied = 0;
    for (Map.Entry<Ends, List<Flow>> conversation : Conversation.group(flows).entrySet()) {
      Ends ends = conversation.getKey();
      List<Flow> records = conversation.getValue();
      if (!allowed(records)) {
        denied++;
        continue;
      }
      Peer source = peer(ends.source(), labels(records, true));
      Peer dest = peer(ends.dest(), labels(records, false));
      if (source != null && dest != null) {
        seen.add(new Observation(source, dest, ends.protocol(), ends.port()));
      }
    }
    if (denied > 0) {
      notes.add("denied conversations are not learned: " + denied);
    }
    return seen;
  }

  /** Whether no end denied it when it last told of it, in any record of that time. */
  private static boolean allowed(List<Flow> records) {
    Map<Reporter, Instant> last = new EnumMap<>(Reporter.class);
    records.forEach(flow ->
        last.merge(
            flow.key().reporter(), flow.end(), (one, other) -> one.isAfter(other) ? one : other));
    return records.stream()
        .filter(flow -> flow.end().equals(last.get(flow.key().reporter())))
        .allMatch(flow -> flow.key().trace().action() == RuleAction.ALLOW);
  }

  private static Set<String> labels(List<Flow> records, boolean source) {
    return records.stream()
        .map(flow -> source ? flow.sourceLabels() : flow.destLabels())
        .filter(labels -> !labels.isEmpty())
        .findFirst()
        .map(Set::copyOf)
        .orElse(Set.of());
  }

  private @Nullable Peer peer(FlowPeer name, Set<String> labels) {
    return switch (name.type()) {
      case WORKLOAD_ENDPOINT -> {
        Peer workload = workloads.find(name, labels);
        if (workload == null) {
          notes.add(ChangePreview.name(name) + ": it is gone, so what it did is not learned");
        }
        yield workload;
      }
      case HOST_ENDPOINT -> host(name);
      case NETWORK_SET -> networkSet(name);
      case NETWORK ->
          name.name().equals(FlowPeer.PUBLIC)
              ? new Peer.PublicAddress()
              : new Peer.PrivateAddress();
    };
  }

  /**
   * Rules name hosts by what kind of address they have. Inside a cluster they use their private
   * one, if they have one. Records name the node only: which of several host endpoints it was, they
   * do not tell.
   */
  private @Nullable Peer host(FlowPeer name) {
    List<IpAddress> addresses = hosts.getOrDefault(name.name(), List.of());
    if (addresses.isEmpty()) {
      notes.add("host %s: nothing tells its addresses: left out".formatted(name.name()));
      return null;
    }
    boolean isPrivate = addresses.stream().anyMatch(FlowObservations::isPrivate);
    List<ClusterEndpoint> there = hostEndpoints.getOrDefault(name.name(), List.of());
    if (there.isEmpty()) {
      return isPrivate ? new Peer.PrivateAddress() : new Peer.PublicAddress();
    }
    return there.size() == 1
        ? new Peer.Host(there.getFirst().key().name(), ownLabels(there.getFirst()), isPrivate)
        : new Peer.Host(name.name(), Map.of(), isPrivate);
  }

  /** The labels of a host endpoint, if no other has all of them. */
  private Map<String, String> ownLabels(ClusterEndpoint host) {
    boolean alone =
        hostEndpoints.values().stream()
            .flatMap(List::stream)
            .noneMatch(other ->
                !other.key().equals(host.key())
                    && other.labels().entrySet().containsAll(host.labels().entrySet()));
    return alone ? host.labels() : Map.of();
  }

  private static boolean isPrivate(IpAddress address) {
    return EndpointDirectory.PRIVATE_NETS.stream().anyMatch(net -> net.contains(address));
  }

  private Peer networkSet(FlowPeer name) {
    boolean global = name.namespace().equals(FlowPeer.NO_NAMESPACE);
    String namespace = global ? "" : name.namespace();
    Kind kind = global ? Kind.GLOBAL_NETWORK_SET : Kind.NETWORK_SET;
    Resource set = view.resources().get(new ResourceKey(kind, namespace, name.name()));
    return new Peer.NetworkSet(
        namespace, name.name(), set == null ? Map.of() : set.metadata().labels());
  }
}
