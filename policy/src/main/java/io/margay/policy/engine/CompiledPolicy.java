package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.Policy;
import java.util.List;

/** A policy that governs some endpoint here, so that its questions are asked. */
final class CompiledPolicy {
  private final Policy policy;
  private final CompiledRules ingress;
  private final CompiledRules egress;

  CompiledPolicy(Policy policy, Answers answers) {
    this.policy = policy;
    // Rules of a direction that the policy does not govern are never evaluated.
    this.ingress =
        CompiledRules.ask(
            policy.governsIngress() ? policy.ingress() : List.of(), Direction.INGRESS, answers);
    this.egress =
        CompiledRules.ask(
            policy.governsEgress() ? policy.egress() : List.of(), Direction.EGRESS, answers);
  }

  Policy policy() {
    return policy;
  }

  CompiledRules rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  void forget(Answers answers) {
    ingress.forget(answers);
    egress.forget(answers);
  }
}
