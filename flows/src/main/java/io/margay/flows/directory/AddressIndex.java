package io.margay.flows.directory;

import io.margay.flows.FlowPeer;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Kind;
import io.margay.model.resource.Node;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint has an address. Two may claim one for a while, as when a pod's address is given to
 * the next pod before the first is gone: then the one that is not terminating has it, and among
 * those the first by name, so that the answer does not depend on the order of changes.
 */
final class AddressIndex {
  private static final String NAMESPACE_LABEL = "projectcalico.org/namespace";
  private static final String SERVICE_ACCOUNT_LABEL = "projectcalico.org/serviceaccount";
  private static final String ORCHESTRATOR_LABEL = "projectcalico.org/orchestrator";

  private final Map<IpAddress, NavigableSet<Claim>> claims = new HashMap<>();
  private final Map<ResourceKey, Claimed> claimed = new HashMap<>();
  private final Map<String, List<IpAddress>> nodeAddresses = new HashMap<>();
  private final Map<ResourceKey, HostEndpoint> hostsWithoutAddresses = new HashMap<>();

  /** A claim of one resource to an address; the smallest one wins. */
  private record Claim(Rank rank, ResourceKey key, Attribution attribution)
      implements Comparable<Claim> {
    @Override
    public int compareTo(Claim other) {
      return Comparator.comparing(Claim::rank).thenComparing(Claim::key).compare(this, other);
    }
  }

  private record Claimed(Claim claim, List<IpAddress> addresses) {}

  /** Stronger claims first. */
  private enum Rank {
    POD,
    TERMINATING_POD,
    HOST_ENDPOINT,
    NODE
  }

  @Nullable Attribution owner(IpAddress address) {
    NavigableSet<Claim> rivals = claims.get(address);
    return rivals == null ? null : rivals.first().attribution();
  }

  void put(Pod pod) {
    ObjectMeta meta = pod.metadata();
    String name = meta.generateName().isEmpty() ? meta.name() : meta.generateName() + "*";
    List<String> labels =
        Attribution.labels(
            meta.labels(),
            Map.of(
                NAMESPACE_LABEL,
                meta.namespace(),
                ORCHESTRATOR_LABEL,
                "k8s",
                SERVICE_ACCOUNT_LABEL,
                pod.spec().serviceAccountName()));
    // A pod in the host's network has the node's address, and a finished one has none any more.
    List<IpAddress> own =
        pod.spec().hostNetwork() || pod.finished()
            ? List.of()
            : pod.status().podIPs().stream().map(Pod.PodIp::ip).toList();
    FlowPeer peer = new FlowPeer(name, meta.namespace(), FlowPeer.Type.WORKLOAD_ENDPOINT);
    claim(
        meta.deletionTimestamp() == null ? Rank.POD : Rank.TERMINATING_POD,
        pod.key(),
        new Attribution(peer, labels),
        own);
  }

  /** A host endpoint without expected addresses stands for the addresses of its node. */
  void put(HostEndpoint endpoint) {
    if (endpoint.spec().expectedIPs().isEmpty()) {
      hostsWithoutAddresses.put(endpoint.key(), endpoint);
      claim(endpoint, nodeAddresses.getOrDefault(endpoint.spec().node(), List.of()));
    } else {
      hostsWithoutAddresses.remove(endpoint.key());
      claim(endpoint, endpoint.spec().expectedIPs());
    }
  }

  private void claim(HostEndpoint endpoint, List<IpAddress> addresses) {
    claim(
        Rank.HOST_ENDPOINT,
        endpoint.key(),
        host(endpoint.spec().node(), endpoint.metadata().labels()),
        addresses);
  }

  /** A node without a host endpoint is told as if it had one: better than an unknown network. */
  void put(Node node) {
    String name = node.metadata().name();
    nodeAddresses.put(name, node.ipAddresses());
    claim(Rank.NODE, node.key(), host(name, node.metadata().labels()), node.ipAddresses());
    reclaimForHostsOf(name);
  }

  private void reclaimForHostsOf(String node) {
    hostsWithoutAddresses.values().stream()
        .filter(endpoint -> endpoint.spec().node().equals(node))
        .forEach(endpoint -> claim(endpoint, nodeAddresses.getOrDefault(node, List.of())));
  }

  private static Attribution host(String node, Map<String, String> labels) {
    return new Attribution(
        new FlowPeer(node, FlowPeer.NO_NAMESPACE, FlowPeer.Type.HOST_ENDPOINT),
        Attribution.labels(labels, Map.of()));
  }

  void remove(ResourceKey key) {
    release(key);
    hostsWithoutAddresses.remove(key);
    if (key.kind() == Kind.NODE) {
      nodeAddresses.remove(key.name());
      reclaimForHostsOf(key.name());
    }
  }

  private void claim(
      Rank rank, ResourceKey key, Attribution attribution, List<IpAddress> addresses) {
    release(key);
    Claim claim = new Claim(rank, key, attribution);
    claimed.put(key, new Claimed(claim, addresses));
    for (IpAddress address : addresses) {
      claims.computeIfAbsent(address, _ -> new TreeSet<>()).add(claim);
    }
  }

  private void release(ResourceKey key) {
    Claimed old = claimed.remove(key);
    if (old == null) {
      return;
    }
    for (IpAddress address : old.addresses()) {
      claims.computeIfPresent(
          address,
          (_, rivals) -> {
            rivals.remove(old.claim());
            return rivals.isEmpty() ? null : rivals;
          });
    }
  }
}
