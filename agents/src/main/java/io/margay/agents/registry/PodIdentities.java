package io.margay.agents.registry;

import io.margay.model.manifest.Problem;
import io.margay.model.resource.Agent;
import io.margay.model.resource.Pod;
import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Labels;
import io.margay.model.selector.Selector;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The identities of agents that are known by their pods. What a pod can prove is its service
 * account, {@code spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT} as SPIRE writes it; so the pods of an
 * agent need one that no other pod has.
 */
final class PodIdentities {
  /** By namespace; of all of them, since any agent may come to name any. */
  private final Map<String, Map<ResourceKey, Pod>> pods = new HashMap<>();

  /** Pods elsewhere are nobody's identity, so what becomes of them is no news. */
  private Set<String> namespaces = Set.of();

  /** Where the pods are by which these agents are known. */
  static Set<String> namespacesOf(Collection<Agent> agents) {
    Set<String> namespaces = new TreeSet<>();
    for (Agent agent : agents) {
      Agent.Workload workload = agent.spec().workload();
      if (workload != null && agent.spec().spiffeId().isEmpty()) {
        namespaces.add(workload.namespace());
      }
    }
    return namespaces;
  }

  /** Notes whose identities are asked for from now on. */
  void askedFor(Collection<Agent> agents) {
    namespaces = namespacesOf(agents);
  }

  /** Gives whether this can change whose identity is whose. */
  boolean put(Pod pod) {
    if (pod.finished()) {
      return remove(pod.key());
    }
    Pod before =
        pods.computeIfAbsent(pod.metadata().namespace(), _ -> new TreeMap<>()).put(pod.key(), pod);
    boolean isNew =
        before == null
            || !before.spec().serviceAccountName().equals(pod.spec().serviceAccountName())
            || !before.metadata().labels().equals(pod.metadata().labels());
    return isNew && namespaces.contains(pod.metadata().namespace());
  }

  /** Gives whether this can change whose identity is whose. */
  boolean remove(ResourceKey key) {
    Map<ResourceKey, Pod> around = pods.getOrDefault(key.namespace(), new TreeMap<>());
    boolean wasThere = around.remove(key) != null;
    if (around.isEmpty()) {
      pods.remove(key.namespace());
    }
    return wasThere && namespaces.contains(key.namespace());
  }

  /**
   * The SPIFFE id of an agent's pods.
   *
   * @param wrong is told why there is none
   */
  Optional<String> of(
      Agent agent, Agent.Workload workload, String trustDomain, Consumer<Problem> wrong) {
    Collection<Pod> around = pods.getOrDefault(workload.namespace(), Map.of()).values();
    Selector selector = workload.podSelector().toSelector();
    Set<String> accounts = new TreeSet<>();
    around.stream()
        .filter(pod -> isSelected(selector, pod))
        .forEach(pod -> accounts.add(pod.spec().serviceAccountName()));
    if (accounts.size() != 1) {
      wrong.accept(accounts.isEmpty() ? noPod(agent) : manyAccounts(agent, accounts));
      return Optional.empty();
    }
    String account = accounts.iterator().next();
    Optional<Pod> other =
        around.stream()
            .filter(pod -> pod.spec().serviceAccountName().equals(account))
            .filter(pod -> !isSelected(selector, pod))
            .findFirst();
    if (other.isPresent()) {
      wrong.accept(shared(agent, account, other.get()));
      return Optional.empty();
    }
    return Optional.of(
        "spiffe://" + trustDomain + "/ns/" + workload.namespace() + "/sa/" + account);
  }

  private static boolean isSelected(Selector selector, Pod pod) {
    return selector.matches(Labels.of(pod.metadata().labels()));
  }

  private static Problem noPod(Agent agent) {
    return problem(
        agent, "selects no pod, so nobody can be this agent", "start one, or name spec.spiffeId");
  }

  private static Problem manyAccounts(Agent agent, Set<String> accounts) {
    return problem(
        agent,
        "its pods have the service accounts " + String.join(", ", accounts),
        "give all of them the same one");
  }

  private static Problem shared(Agent agent, String account, Pod other) {
    return problem(
        agent,
        "pod %s/%s has the service account %s too and is not selected: its calls would be the agent's"
            .formatted(other.metadata().namespace(), other.metadata().name(), account),
        "give the agent's pods a service account of their own");
  }

  private static Problem problem(Agent agent, String reason, String fix) {
    return new Problem(agent.key().toString(), "spec.workload", "", reason, fix);
  }
}
