package io.margay.policy.engine;

import io.margay.policy.address.ContentHash;
import io.margay.policy.convert.Policy;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A policy that exists, with the endpoints here that it governs. */
final class PolicyEntry {
  Policy policy;

  /** Stands for the policy in sums. */
  final long signature;

  final Set<Endpoint> endpoints = new HashSet<>();

  /** Null as long as the policy governs no endpoint here, so that its questions are not asked. */
  @Nullable CompiledPolicy compiled;

  PolicyEntry(Policy policy) {
    this.policy = policy;
    this.signature = new ContentHash("policy").add(policy.source().toString()).value();
  }
}
