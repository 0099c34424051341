package io.margay.policy.engine;

import io.margay.policy.address.ContentHash;
import io.margay.policy.convert.Policy;
import org.jspecify.annotations.Nullable;

/** A policy that exists. */
final class PolicyEntry {
  Policy policy;

  /** Stands for the policy in sums. */
  final long signature;

  /** Whom it selects, with all other policies that do so alike. */
  Subject subject;

  /** Null as long as the policy governs no endpoint here, so that its questions are not asked. */
  @Nullable CompiledPolicy compiled;

  PolicyEntry(Policy policy, Subject subject) {
    this.policy = policy;
    this.subject = subject;
    this.signature = new ContentHash("policy").add(policy.source().toString()).value();
  }
}
