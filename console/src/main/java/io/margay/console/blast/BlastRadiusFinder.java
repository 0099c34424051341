package io.margay.console.blast;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.flows.Flow;
import io.margay.model.net.Cidr;
import io.margay.model.net.IpAddress;
import io.margay.model.resource.ClusterNetworkPolicy;
import io.margay.model.resource.EndpointSlice;
import io.margay.model.resource.GlobalNetworkPolicy;
import io.margay.model.resource.GlobalNetworkSet;
import io.margay.model.resource.KubernetesNetworkPolicy;
import io.margay.model.resource.NetworkPolicy;
import io.margay.model.resource.NetworkSet;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.Service;
import io.margay.model.resource.StagedGlobalNetworkPolicy;
import io.margay.model.resource.StagedKubernetesNetworkPolicy;
import io.margay.model.resource.StagedNetworkPolicy;
import io.margay.model.verdict.Direction;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.convert.Policy;
import io.margay.policy.convert.Side;
import io.margay.policy.engine.EndpointLabels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds what is tied to a machine in one state of the cluster. */
public final class BlastRadiusFinder {
  private static final Comparator<Dependency> ORDER =
      Comparator.comparing(Dependency::binding)
          .reversed()
          .thenComparing(Dependency::where)
          .thenComparing(Dependency::what);

  private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

  private final ClusterView cluster;
  private final ExaminedMachine machine;
  private final List<ClusterEndpoint> pods;
  private final Owners owners;

  /** In the order in which they were found; a rule of Kubernetes becomes several of ours. */
  private final Set<Dependency> found = new LinkedHashSet<>();

  private BlastRadiusFinder(ClusterView cluster, ExaminedMachine machine) {
    this.cluster = cluster;
    this.machine = machine;
    this.owners = new Owners(cluster);
    this.pods = machine.pods(cluster);
  }

  /**
   * Finds all of it.
   *
   * @param flows those on record; null if there is no record to ask
   * @param lists addresses that others have written down
   */
  public static BlastRadius find(
      ClusterView cluster,
      ExaminedMachine machine,
      @Nullable List<Flow> flows,
      List<ListedAddress> lists) {
    BlastRadiusFinder finder = new BlastRadiusFinder(cluster, machine);
    cluster.resources().values().stream()
        .sorted(Comparator.comparing(Resource::key))
        .forEach(finder::look);
    lists.forEach(finder::look);
    return new BlastRadius(
        machine,
        flows != null,
        flows == null ? List.of() : new TalkFinder(machine, finder.owners).find(flows),
        finder.found.stream().sorted(ORDER).toList());
  }

  private void look(Resource resource) {
    switch (resource) {
      case NetworkSet set -> lookAtSet(set, set.nets());
      case GlobalNetworkSet set -> lookAtSet(set, set.nets());
      case Service service -> lookAtService(service);
      case EndpointSlice slice -> lookAtSlice(slice);
      case NetworkPolicy _,
          GlobalNetworkPolicy _,
          StagedNetworkPolicy _,
          StagedGlobalNetworkPolicy _,
          KubernetesNetworkPolicy _,
          StagedKubernetesNetworkPolicy _,
          ClusterNetworkPolicy _ ->
          cluster.policy(resource.key()).ifPresent(policy -> lookAtPolicy(resource, policy));
      default -> {}
    }
  }

  private void add(Resource where, String what, String value, Binding binding) {
    if (binding != Binding.NONE) {
      found.add(new Dependency(where.key().toString(), what, value, binding, owners.of(where)));
    }
  }

  private void lookAtPolicy(Resource resource, Policy policy) {
    if (pods.stream().anyMatch(pod -> policy.subject().matches(pod.effective()))) {
      add(resource, "governs the machine", policy.subject().canonical(), Binding.LABEL);
    }
    for (Direction direction : Direction.values()) {
      for (MatchRule rule : policy.rules(direction)) {
        String place = "%s[%d]".formatted(direction.name().toLowerCase(Locale.ROOT), rule.index());
        lookAtSide(resource, place + ".source", rule.source());
        lookAtSide(resource, place + ".destination", rule.destination());
      }
    }
  }

  private void lookAtSide(Resource resource, String place, Side side) {
    addNets(resource, place + ".nets", side.nets());
    addNets(resource, place + ".notNets", side.notNets());
    if (side.selector() == null) {
      return;
    }
    String selector = side.selector().canonical();
    if (pods.stream().anyMatch(pod -> side.selector().matches(pod.effective()))) {
      add(resource, place + ".selector", selector, Binding.LABEL);
    }
    cluster.resources().values().stream()
        .filter(set -> bindingOfSet(set) != Binding.NONE)
        .filter(set -> side.selector().matches(EndpointLabels.of(set, profile -> Map.of())))
        .sorted(Comparator.comparing(Resource::key))
        .forEach(set -> add(resource, place + ".selector", "by " + set.key(), bindingOfSet(set)));
  }

  private Binding bindingOfSet(Resource resource) {
    return switch (resource) {
      case NetworkSet set -> machine.bindingOf(set.nets());
      case GlobalNetworkSet set -> machine.bindingOf(set.nets());
      default -> Binding.NONE;
    };
  }

  private void addNets(Resource resource, String place, List<Cidr> nets) {
    Binding binding = machine.bindingOf(nets);
    if (binding != Binding.NONE) {
      add(resource, place, naming(nets, binding), binding);
    }
  }

  /** Those of some ranges that name the machine, the closest only. */
  private String naming(List<Cidr> nets, Binding binding) {
    return nets.stream()
        .filter(net -> machine.bindingOf(List.of(net)) == binding)
        .map(Cidr::toString)
        .collect(Collectors.joining(", "));
  }

  private void lookAtSet(Resource set, List<Cidr> nets) {
    addNets(set, "spec.nets", nets);
  }

  private void lookAtService(Service service) {
    Map<String, String> selector = service.spec().selector();
    boolean selects =
        !selector.isEmpty()
            && service.metadata().namespace().equals(machine.namespace())
            && pods.stream()
                .anyMatch(pod ->
                    pod.resource() instanceof Pod one
                        && one.metadata().labels().entrySet().containsAll(selector.entrySet()));
    if (selects) {
      String text =
          selector.entrySet().stream()
              .map(label -> label.getKey() + "=" + label.getValue())
              .sorted()
              .collect(Collectors.joining(","));
      add(service, "spec.selector", text, Binding.LABEL);
    }
  }

  /**
   * A slice that a controller writes follows its service's selector; others are written by hand.
   */
  private void lookAtSlice(EndpointSlice slice) {
    boolean byHand = !slice.metadata().labels().containsKey(MANAGED_BY);
    List<String> addresses = new ArrayList<>();
    for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
      addresses.addAll(endpoint.addresses());
    }
    for (IpAddress address : machine.addresses()) {
      if (byHand && addresses.contains(address.toString())) {
        add(slice, "endpoints", address.toString(), Binding.ADDRESS);
      }
    }
  }

  private void look(ListedAddress listed) {
    Binding binding = machine.bindingOf(List.of(listed.address()));
    if (binding != Binding.NONE) {
      found.add(
          new Dependency(
              listed.list() + " " + listed.name(),
              "address",
              listed.address().toString(),
              binding,
              owners.of(listed)));
    }
  }
}
