package io.margay.policy.engine;

import io.margay.model.selector.Selector;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The policies that select endpoints by the same selector, and these endpoints. Thousands of
 * policies often have the same subject: what they share is kept and updated once.
 */
final class Subject {
  final Selector selector;
  final Set<PolicyEntry> policies = new LinkedHashSet<>();
  final Set<Endpoint> endpoints = new LinkedHashSet<>();

  /** A sum over the policies. */
  private long signature;

  Subject(Selector selector) {
    this.selector = selector;
  }

  void add(PolicyEntry policy) {
    if (policies.add(policy)) {
      signature += policy.signature;
    }
  }

  void remove(PolicyEntry policy) {
    if (policies.remove(policy)) {
      signature -= policy.signature;
    }
  }

  long signature() {
    return signature;
  }
}
