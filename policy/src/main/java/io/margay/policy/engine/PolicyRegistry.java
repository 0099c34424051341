package io.margay.policy.engine;

import io.margay.model.resource.ResourceKey;
import io.margay.model.selector.Selector;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.Policy;
import io.margay.policy.label.LabelIndex;
import io.margay.policy.label.LayeredLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The policies, and which endpoints here they govern. */
final class PolicyRegistry {
  private final Answers answers;

  /** Hears of endpoints whose policies, or whose policies' rules, changed. */
  private final Consumer<Endpoint> affected;

  private final Map<ResourceKey, PolicyEntry> policies = new HashMap<>();
  private final LabelIndex<Endpoint> subjects = new LabelIndex<>(this::subjectMatchChanged);
  private final Map<Selector, Set<PolicyEntry>> bySubject = new HashMap<>();
  private final Set<PolicyEntry> changed = new LinkedHashSet<>();
  private final List<CompiledPolicy> retired = new ArrayList<>();
  private long editions;

  PolicyRegistry(Answers answers, Consumer<Endpoint> affected) {
    this.answers = answers;
    this.affected = affected;
  }

  void putEndpoint(Endpoint endpoint, LayeredLabels labels) {
    subjects.put(endpoint, labels);
  }

  void removeEndpoint(Endpoint endpoint) {
    subjects.remove(endpoint);
  }

  void put(Policy policy) {
    PolicyEntry entry = policies.get(policy.source());
    if (entry == null) {
      entry = new PolicyEntry(policy);
      policies.put(policy.source(), entry);
      govern(entry);
    } else if (entry.policy.equals(policy)) {
      return;
    } else if (entry.policy.subject().equals(policy.subject())) {
      entry.policy = policy;
    } else {
      release(entry);
      entry.policy = policy;
      govern(entry);
    }
    retire(entry);
    changed.add(entry);
    entry.endpoints.forEach(affected);
  }

  void remove(ResourceKey key) {
    PolicyEntry entry = policies.remove(key);
    if (entry != null) {
      release(entry);
      retire(entry);
      changed.remove(entry);
    }
  }

  private void retire(PolicyEntry entry) {
    if (entry.compiled != null) {
      retired.add(entry.compiled);
      entry.compiled = null;
    }
  }

  private void govern(PolicyEntry entry) {
    Selector subject = entry.policy.subject();
    subjects.acquire(subject);
    subjects.matches(subject).forEach(endpoint -> govern(entry, endpoint));
    bySubject.computeIfAbsent(subject, s -> new HashSet<>()).add(entry);
  }

  private void release(PolicyEntry entry) {
    Selector subject = entry.policy.subject();
    Set<PolicyEntry> alike = bySubject.get(subject);
    if (alike != null && alike.remove(entry) && alike.isEmpty()) {
      bySubject.remove(subject);
    }
    List.copyOf(entry.endpoints).forEach(endpoint -> ungovern(entry, endpoint));
    subjects.release(subject);
  }

  private void subjectMatchChanged(Selector subject, Endpoint endpoint, boolean matches) {
    for (PolicyEntry entry : bySubject.getOrDefault(subject, Set.of())) {
      if (matches) {
        govern(entry, endpoint);
      } else {
        ungovern(entry, endpoint);
      }
    }
  }

  private void govern(PolicyEntry entry, Endpoint endpoint) {
    entry.endpoints.add(endpoint);
    endpoint.govern(entry);
    if (entry.compiled == null) {
      changed.add(entry);
    }
    affected.accept(endpoint);
  }

  private void ungovern(PolicyEntry entry, Endpoint endpoint) {
    entry.endpoints.remove(endpoint);
    endpoint.ungovern(entry);
    if (entry.endpoints.isEmpty()) {
      changed.add(entry);
    }
    affected.accept(endpoint);
  }

  /** Tells of all endpoints that policies of this tier govern. */
  void tierChanged(String tier) {
    for (PolicyEntry entry : policies.values()) {
      if (entry.policy.ref().tier().equals(tier)) {
        entry.endpoints.forEach(affected);
      }
    }
  }

  /**
   * Asks the questions of policies that came into use; gives those to forget. New questions are
   * asked before old ones are forgotten, so that what both ask is never given up in between.
   */
  List<Runnable> compileChanged() {
    for (PolicyEntry entry : changed) {
      if (entry.endpoints.isEmpty()) {
        retire(entry);
      } else if (entry.compiled == null) {
        entry.compiled = new CompiledPolicy(entry.policy, answers);
        editions++;
      }
    }
    changed.clear();
    List<Runnable> forget = new ArrayList<>();
    retired.forEach(old -> forget.add(() -> old.forget(answers)));
    retired.clear();
    return forget;
  }

  /** Counts what was ever compiled: the same number means that no policy in use changed. */
  long editions() {
    return editions;
  }

  Collection<PolicyEntry> all() {
    return policies.values();
  }

  int count() {
    return policies.size();
  }

  /** How many govern an endpoint here. */
  long activeCount() {
    return policies.values().stream().filter(entry -> entry.compiled != null).count();
  }

  int subjectCount() {
    return subjects.selectorCount();
  }
}
