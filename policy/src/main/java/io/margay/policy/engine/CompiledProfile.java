package io.margay.policy.engine;

import io.margay.model.verdict.Direction;
import io.margay.policy.address.Answers;
import io.margay.policy.convert.ProfileRules;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A profile that some endpoint here names, so that its questions are asked. */
final class CompiledProfile {
  private final String name;
  private final boolean missing;
  private final CompiledRules ingress;
  private final CompiledRules egress;

  /**
   * Compiles a profile.
   *
   * @param rules null if the profile does not exist; then it denies
   */
  CompiledProfile(String name, @Nullable ProfileRules rules, Answers answers) {
    this.name = name;
    this.missing = rules == null;
    this.ingress =
        CompiledRules.ask(rules == null ? List.of() : rules.ingress(), Direction.INGRESS, answers);
    this.egress =
        CompiledRules.ask(rules == null ? List.of() : rules.egress(), Direction.EGRESS, answers);
  }

  String name() {
    return name;
  }

  boolean missing() {
    return missing;
  }

  CompiledRules rules(Direction direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** Whether the profile can end an evaluation in this direction. */
  boolean matters(Direction direction) {
    return missing || !rules(direction).isEmpty();
  }

  void forget(Answers answers) {
    ingress.forget(answers);
    egress.forget(answers);
  }
}
