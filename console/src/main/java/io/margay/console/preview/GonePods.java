package io.margay.console.preview;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.console.cluster.ClusterView;
import io.margay.console.policies.PolicyNames;
import io.margay.flows.Flow;
import io.margay.flows.FlowPeer;
import io.margay.model.net.Protocol;
import io.margay.model.resource.Kind;
import io.margay.model.resource.ObjectMeta;
import io.margay.model.resource.Pod;
import io.margay.model.resource.Resource;
import io.margay.model.resource.ResourceKey;
import io.margay.policy.convert.CalicoLabels;
import io.margay.policy.convert.MatchRule;
import io.margay.policy.proof.TwoStates;
import io.margay.policy.table.EndpointId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Pods that records name and that are gone, put up again as far as the records tell what they were:
 * by namespace, service account and labels. Which addresses they had is not told, so they get one
 * of every kind that pods may have; nor is it told how their ports were called, so there is one
 * whose port has no name, and one whose port has every name that a rule asks for.
 */
final class GonePods {
  /** More are left as unknown: each costs as much as a pod in both states. */
  private static final int MOST = 200;

  /** What policies see of every pod besides its own labels. */
  private static final Set<String> GIVEN =
      Set.of(CalicoLabels.NAMESPACE, CalicoLabels.ORCHESTRATOR, CalicoLabels.SERVICE_ACCOUNT);

  private final Map<EndpointId, FlowPeer> names = new LinkedHashMap<>();
  private final List<Pod> pods = new ArrayList<>();

  /** What records tell of the pods of a name. */
  private record Told(Set<List<String>> labels, Set<PortOf> ports) {
    Told() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>());
    }
  }

  private record PortOf(Protocol protocol, int port) {}

  /**
   * Those of some records.
   *
   * @param view what is there now
   */
  GonePods(ClusterView view, TwoStates states, Collection<Flow> flows, FreeAddresses addresses) {
    Set<FlowPeer> there =
        view.endpoints().stream().map(ClusterEndpoint::peer).collect(Collectors.toSet());
    Map<FlowPeer, Told> gone = new LinkedHashMap<>();
    for (Flow flow : flows) {
      see(flow.key().source(), flow.sourceLabels(), there, gone);
      see(flow.key().dest(), flow.destLabels(), there, gone)
          .ifPresent(
              told -> told.ports().add(new PortOf(flow.key().protocol(), flow.key().destPort())));
    }
    Set<String> portNames = portNames(states);
    gone.forEach((name, told) -> {
      boolean hasNamespace =
          view.resources().containsKey(new ResourceKey(Kind.NAMESPACE, "", name.namespace()));
      if (hasNamespace && !told.labels().contains(List.<String>of())) {
        for (List<String> labels : told.labels()) {
          add(name, labels, List.of(), addresses);
          if (!portNames.isEmpty() && !told.ports().isEmpty()) {
            add(name, labels, named(told.ports(), portNames), addresses);
          }
        }
      }
    });
  }

  private static Optional<Told> see(
      FlowPeer name, List<String> labels, Set<FlowPeer> there, Map<FlowPeer, Told> gone) {
    if (name.type() != FlowPeer.Type.WORKLOAD_ENDPOINT || there.contains(name)) {
      return Optional.empty();
    }
    Told told = gone.computeIfAbsent(name, _ -> new Told());
    told.labels().add(labels);
    return Optional.of(told);
  }

  private static Set<String> portNames(TwoStates states) {
    Set<String> names = new TreeSet<>();
    Stream.of(states.resourcesBefore(), states.resourcesAfter())
        .map(ClusterView::new)
        .forEach(view ->
            view.resources().keySet().stream()
                .filter(key -> PolicyNames.isPolicy(key.kind()))
                .flatMap(key -> view.policy(key).stream())
                .flatMap(
                    policy -> Stream.concat(policy.ingress().stream(), policy.egress().stream()))
                .forEach(rule -> names.addAll(portNames(rule))));
    return names;
  }

  private static Set<String> portNames(MatchRule rule) {
    Set<String> names = new HashSet<>(rule.destination().ports().names());
    names.addAll(rule.destination().notPorts().names());
    names.addAll(rule.source().ports().names());
    names.addAll(rule.source().notPorts().names());
    return names;
  }

  private static List<Pod.ContainerPort> named(Set<PortOf> ports, Set<String> names) {
    return ports.stream()
        .flatMap(port ->
            names.stream().map(name -> new Pod.ContainerPort(name, port.port(), port.protocol())))
        .toList();
  }

  private void add(
      FlowPeer name, List<String> written, List<Pod.ContainerPort> ports, FreeAddresses addresses) {
    if (pods.size() == MOST) {
      return;
    }
    Map<String, String> labels = new HashMap<>();
    for (String label : written) {
      int equals = label.indexOf('=');
      labels.put(label.substring(0, Math.max(0, equals)), label.substring(equals + 1));
    }
    String account = labels.getOrDefault(CalicoLabels.SERVICE_ACCOUNT, "");
    labels.keySet().removeAll(GIVEN);
    // No pod that is there can have a name with this mark.
    String podName = name.name().replace("*", "") + "#" + pods.size();
    List<Pod.PodIp> ips = addresses.next().stream().map(Pod.PodIp::new).toList();
    pods.add(
        new Pod(
            ObjectMeta.of(name.namespace(), podName, labels),
            new Pod.Spec("", account, false, List.of(new Pod.Container("", ports))),
            new Pod.Status("Running", ips)));
    names.put(EndpointId.pod(name.namespace(), podName), name);
  }

  /** What records call the pods. */
  Map<EndpointId, FlowPeer> names() {
    return names;
  }

  /** The pods. */
  List<? extends Resource> pods() {
    return pods;
  }

  /** Whether a name is one of theirs. */
  boolean has(FlowPeer name) {
    return names.containsValue(name);
  }
}
