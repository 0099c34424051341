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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** The policies, and which endpoints here they govern. */
final class PolicyRegistry {
  private final Answers answers;

  /** Hears of endpoints whose policies, or whose policies' rules, changed. */
  private final Consumer<Endpoint> affected;

  private final Map<ResourceKey, PolicyEntry> policies = new HashMap<>();
  private final LabelIndex<Endpoint> index = new LabelIndex<>(this::subjectMatchChanged);
  private final Map<Selector, Subject> subjects = new HashMap<>();
  private final Set<PolicyEntry> changed = new LinkedHashSet<>();
  private final List<CompiledPolicy> retired = new ArrayList<>();
  private long editions;

  PolicyRegistry(Answers answers, Consumer<Endpoint> affected) {
    this.answers = answers;
    this.affected = affected;
  }

  void putEndpoint(Endpoint endpoint, LayeredLabels labels) {
    index.put(endpoint, labels);
  }

  void removeEndpoint(Endpoint endpoint) {
    index.remove(endpoint);
  }

  void put(Policy policy) {
    PolicyEntry entry = policies.get(policy.source());
    if (entry == null) {
      Subject subject = acquire(policy.subject());
      entry = new PolicyEntry(policy, subject);
      policies.put(policy.source(), entry);
      subject.add(entry);
    } else if (entry.policy.equals(policy)) {
      return;
    } else if (entry.policy.subject().equals(policy.subject())) {
      entry.policy = policy;
    } else {
      release(entry);
      entry.policy = policy;
      entry.subject = acquire(policy.subject());
      entry.subject.add(entry);
    }
    retire(entry);
    changed.add(entry);
    entry.subject.endpoints.forEach(affected);
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
      editions++;
    }
  }

  private Subject acquire(Selector selector) {
    Subject subject = subjects.get(selector);
    if (subject == null) {
      subject = new Subject(selector);
      subjects.put(selector, subject);
      index.acquire(List.of(selector));
    }
    return subject;
  }

  /** Takes a policy from its subject, which goes with the last one. */
  private void release(PolicyEntry entry) {
    Subject subject = entry.subject;
    subject.endpoints.forEach(affected);
    subject.remove(entry);
    if (subject.policies.isEmpty()) {
      index.release(subject.selector);
      subjects.remove(subject.selector);
    }
  }

  private void subjectMatchChanged(Selector selector, Endpoint endpoint, boolean matches) {
    Subject subject = Objects.requireNonNull(subjects.get(selector), "a watched subject");
    if (matches) {
      // The first endpoint brings its policies into use.
      if (subject.endpoints.isEmpty()) {
        changed.addAll(subject.policies);
      }
      subject.endpoints.add(endpoint);
      endpoint.govern(subject);
    } else {
      subject.endpoints.remove(endpoint);
      endpoint.ungovern(subject);
      if (subject.endpoints.isEmpty()) {
        changed.addAll(subject.policies);
      }
    }
    affected.accept(endpoint);
  }

  /** Tells of all endpoints that policies of this tier govern. */
  void tierChanged(String tier) {
    for (Subject subject : subjects.values()) {
      if (subject.policies.stream().anyMatch(e -> e.policy.ref().tier().equals(tier))) {
        subject.endpoints.forEach(affected);
      }
    }
  }

  /**
   * Asks the questions of policies that came into use; gives those to forget. New questions are
   * asked before old ones are forgotten, so that what both ask is never given up in between.
   */
  List<Runnable> compileChanged() {
    for (PolicyEntry entry : changed) {
      if (entry.subject.endpoints.isEmpty()) {
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

  /** Counts what was ever compiled or given up: the same means that no policy in use changed. */
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
    return subjects.size();
  }
}
