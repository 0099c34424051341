package io.margay.console.recommend;

import io.margay.console.cluster.ClusterEndpoint;
import io.margay.flows.FlowPeer;
import io.margay.policy.label.StableLabels;
import io.margay.policy.recommend.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pods there are, by what stands for the same thing: those of a namespace with the same labels,
 * apart from those of a rollout.
 */
final class WorkloadNames {
  /** Of the labels in flow records, those that no author wrote. */
  private static final String CALICO = "projectcalico.org/";

  private final Map<String, Map<Map<String, String>, Peer>> byLabels = new TreeMap<>();
  private final Map<FlowPeer, Peer> byName = new HashMap<>();

  /** Those of some endpoints, in their order. */
  WorkloadNames(List<ClusterEndpoint> endpoints) {
    Map<String, Map<Map<String, String>, String>> names = new TreeMap<>();
    List<ClusterEndpoint> pods = endpoints.stream().filter(ClusterEndpoint::isPod).toList();
    for (ClusterEndpoint pod : pods) {
      names
          .computeIfAbsent(pod.key().namespace(), _ -> new HashMap<>())
          .putIfAbsent(StableLabels.of(pod.labels()), pod.peer().name());
    }
    names.forEach((namespace, all) -> byLabels.put(namespace, workloads(namespace, all)));
    for (ClusterEndpoint pod : pods) {
      Peer workload = withLabels(pod.key().namespace(), StableLabels.of(pod.labels()));
      if (workload != null) {
        byName.putIfAbsent(pod.peer(), workload);
      }
    }
  }

  private static Map<Map<String, String>, Peer> workloads(
      String namespace, Map<Map<String, String>, String> names) {
    Map<Map.Entry<String, String>, List<Map<String, String>>> havingLabel = new HashMap<>();
    for (Map<String, String> labels : names.keySet()) {
      for (Map.Entry<String, String> label : labels.entrySet()) {
        havingLabel
            .computeIfAbsent(Map.entry(label.getKey(), label.getValue()), _ -> new ArrayList<>())
            .add(labels);
      }
    }
    Map<Map<String, String>, Peer> workloads = new HashMap<>();
    names.forEach((labels, name) -> {
      boolean alone = !labels.isEmpty() && tellsApart(labels, havingLabel);
      workloads.put(labels, new Peer.Workload(namespace, name, alone ? labels : Map.of()));
    });
    return workloads;
  }

  /** Whether only pods with just these labels have all of them. Looks where its rarest one is. */
  private static boolean tellsApart(
      Map<String, String> labels,
      Map<Map.Entry<String, String>, List<Map<String, String>>> havingLabel) {
    List<Map<String, String>> fewest = List.of();
    for (Map.Entry<String, String> label : labels.entrySet()) {
      List<Map<String, String>> having =
          havingLabel.getOrDefault(Map.entry(label.getKey(), label.getValue()), List.of());
      if (fewest.isEmpty() || having.size() < fewest.size()) {
        fewest = having;
      }
    }
    return fewest.stream()
        .filter(other -> other.entrySet().containsAll(labels.entrySet()))
        .allMatch(labels::equals);
  }

  private @Nullable Peer withLabels(String namespace, Map<String, String> labels) {
    return byLabels.getOrDefault(namespace, Map.of()).get(labels);
  }

  /**
   * The workload of a name in flow records. A rollout changes the name: then it is the one with the
   * labels that the record tells, if there is one.
   *
   * @param labels {@code key=value}
   */
  @Nullable Peer find(FlowPeer peer, Set<String> labels) {
    Peer found = byName.get(peer);
    if (found != null || labels.isEmpty()) {
      return found;
    }
    Map<String, String> told = new HashMap<>();
    for (String label : labels) {
      int equals = label.indexOf('=');
      if (equals > 0 && !label.startsWith(CALICO)) {
        told.put(label.substring(0, equals), label.substring(equals + 1));
      }
    }
    Map<String, String> stable = StableLabels.of(told);
    return stable.isEmpty() ? null : withLabels(peer.namespace(), stable);
  }
}
