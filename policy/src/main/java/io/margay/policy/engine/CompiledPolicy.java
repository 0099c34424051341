package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.Policy;
import java.util.List;

/** A policy that governs some endpoint here, so that its questions are asked. */
final class CompiledPolicy {
  private final Policy policy;
  private final List<CompiledRule> ingress;
  private final List<CompiledRule> egress;

  CompiledPolicy(Policy policy, Answers answers) {
    this.policy = policy;
    // Rules of a direction that the policy does not govern are never evaluated.
    this.ingress =
        policy.governsIngress() ? CompiledRule.ask(policy.ingress(), answers) : List.of();
    this.egress = policy.governsEgress() ? CompiledRule.ask(policy.egress(), answers) : List.of();
  }

  Policy policy() {
    return policy;
  }

  List<CompiledRule> rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  void forget(Answers answers) {
    CompiledRule.forget(ingress, answers);
    CompiledRule.forget(egress, answers);
  }
}
