package io.margay.policy.property;

import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.net.Protocol;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.HostEndpoint;
import io.margay.model.resource.Namespace;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Node;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Profile;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ServiceAccount;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Answers questions about addresses by looking through all resources each time. */
final class NaiveCluster {
  private final Collection<Resource> resources;

  /** What is asked again for every packet is looked up once. */
  private final Map<Resource, Map<String, String>> labels = new IdentityHashMap<>();

  private final Map<IpAddress, List<Resource>> owners = new HashMap<>();

  NaiveCluster(Collection<Resource> resources) {
    this.resources = resources;
  }

  List<Resource> endpoints() {
    return resources.stream().filter(r -> r instanceof HostEndpoint || isLive(r)).toList();
  }

  private static boolean isLive(Resource resource) {
    return resource instanceof Pod pod
        && !pod.spec().hostNetwork()
        && !pod.finished()
        && !pod.status().podIPs().isEmpty();
  }

  /** Pods, host endpoints and network sets to which an address belongs. */
  List<Resource> owners(IpAddress address) {
    return owners.computeIfAbsent(address, this::findOwners);
  }

  private List<Resource> findOwners(IpAddress address) {
    List<Resource> owners = new ArrayList<>();
    for (Resource resource : resources) {
      boolean owns =
          switch (resource) {
            case Pod pod ->
                isLive(pod) && pod.status().podIPs().stream().anyMatch(p -> p.ip().equals(address));
            case HostEndpoint host -> host.spec().expectedIPs().contains(address);
            case NetworkSet set -> contains(set.nets(), address);
            case GlobalNetworkSet set -> contains(set.nets(), address);
            default -> false;
          };
      if (owns) {
        owners.add(resource);
      }
    }
    return owners;
  }

  static boolean contains(List<Cidr> nets, IpAddress address) {
    return nets.stream().anyMatch(net -> net.contains(address));
  }

  /** Whether an owner of the address passes the test. */
  boolean anyOwner(IpAddress address, Predicate<Resource> test) {
    return owners(address).stream().anyMatch(test);
  }

  boolean matches(Selector selector, Resource owner) {
    return selector.matches(Labels.of(labels(owner)));
  }

  /** All labels that a selector sees on an endpoint or network set. */
  Map<String, String> labels(Resource resource) {
    return labels.computeIfAbsent(resource, this::gather);
  }

  private Map<String, String> gather(Resource resource) {
    Map<String, String> all = new HashMap<>();
    String namespace = resource.metadata().namespace();
    switch (resource) {
      case Pod pod -> {
        inherit(all, "pcsa.", serviceAccount(namespace, pod.spec().serviceAccountName()));
        inherit(all, "pcns.", namespace(namespace));
        all.putAll(pod.metadata().labels());
        all.put("projectcalico.org/namespace", namespace);
        all.put("projectcalico.org/orchestrator", "k8s");
        all.put("projectcalico.org/serviceaccount", pod.spec().serviceAccountName());
      }
      case HostEndpoint host -> {
        for (String name : host.spec().profiles().reversed()) {
          Profile profile = profile(name);
          if (profile != null) {
            all.putAll(profile.spec().labelsToApply());
          }
        }
        all.putAll(host.metadata().labels());
      }
      case NetworkSet set -> {
        inherit(all, "pcns.", namespace(namespace));
        all.putAll(set.metadata().labels());
        all.put("projectcalico.org/namespace", namespace);
      }
      default -> all.putAll(resource.metadata().labels());
    }
    return all;
  }

  private static void inherit(Map<String, String> into, String prefix, Resource from) {
    if (from != null) {
      from.metadata().labels().forEach((key, value) -> into.put(prefix + key, value));
      into.put(prefix + "projectcalico.org/name", from.metadata().name());
    }
  }

  Namespace namespace(String name) {
    return find(Namespace.class, "", name);
  }

  ServiceAccount serviceAccount(String namespace, String name) {
    return find(ServiceAccount.class, namespace, name);
  }

  Profile profile(String name) {
    return find(Profile.class, "", name);
  }

  boolean isNamespaceProfile(String name) {
    return name.startsWith("kns.") && namespace(name.substring(4)) != null;
  }

  boolean isServiceAccountProfile(String name) {
    if (!name.startsWith("ksa.")) {
      return false;
    }
    String[] parts = name.split("\\.");
    return serviceAccount(parts[1], parts[2]) != null;
  }

  private <R extends Resource> R find(Class<R> type, String namespace, String name) {
    return resources.stream()
        .filter(type::isInstance)
        .map(type::cast)
        .filter(r -> r.metadata().namespace().equals(namespace) && r.metadata().name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** Whether an owner that the selector matches gives this port the name. */
  boolean isNamedPort(
      IpAddress address, Selector owners, String name, Protocol protocol, int port) {
    return anyOwner(
        address,
        owner ->
            matches(owners, owner)
                && switch (owner) {
                  case Pod pod ->
                      pod.spec().containers().stream()
                          .flatMap(c -> c.ports().stream())
                          .anyMatch(p ->
                              p.name().equals(name)
                                  && p.protocol().equals(protocol)
                                  && p.containerPort() == port);
                  case HostEndpoint host ->
                      host.spec().ports().stream()
                          .anyMatch(p ->
                              p.name().equals(name)
                                  && p.protocol().equals(protocol)
                                  && p.port() == port);
                  default -> false;
                });
  }

  boolean isNode(IpAddress address, Predicate<Map<String, String>> labelsMatch) {
    return resources.stream()
        .anyMatch(r ->
            r instanceof Node node
                && node.ipAddresses().contains(address)
                && labelsMatch.test(node.metadata().labels()));
  }

  private List<EndpointSlice> slices(String namespace, String service) {
    return resources.stream()
        .filter(EndpointSlice.class::isInstance)
        .map(EndpointSlice.class::cast)
        .filter(s -> s.metadata().namespace().equals(namespace) && s.serviceName().equals(service))
        .toList();
  }

  boolean isBehindService(IpAddress address, String namespace, String service) {
    return slices(namespace, service).stream().anyMatch(slice -> holds(slice, address));
  }

  boolean isServicePort(
      IpAddress address, String namespace, String service, Protocol protocol, int port) {
    return slices(namespace, service).stream()
        .anyMatch(slice ->
            holds(slice, address)
                && slice.ports().stream()
                    .anyMatch(p ->
                        p.protocol().equals(protocol) && p.port() != null && p.port() == port));
  }

  private static boolean holds(EndpointSlice slice, IpAddress address) {
    return slice.endpoints().stream().anyMatch(e -> e.addresses().contains(address.toString()));
  }

  List<IpAddress> addresses() {
    List<IpAddress> addresses = new ArrayList<>();
    for (Resource resource : resources) {
      switch (resource) {
        case Pod pod -> pod.status().podIPs().forEach(p -> addresses.add(p.ip()));
        case HostEndpoint host -> addresses.addAll(host.spec().expectedIPs());
        case Node node -> addresses.addAll(node.ipAddresses());
        default -> {}
      }
    }
    return addresses;
  }
}
