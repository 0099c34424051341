package io.margay.policy.proof;

import io.margay.model.assertion.Assertion;
import io.margay.policy.decide.PathDecision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of an assertion.
 *
 * @param warnings what makes it say less than it seems to, such as a selector without a match
 * @param pairs how many pairs of kinds of sources and destinations were looked at
 * @param counterexample null if there is none
 */
public record Proof(
    Assertion assertion,
    List<String> warnings,
    long pairs,
    @Nullable Counterexample counterexample) {
  public Proof {
    warnings = List.copyOf(warnings);
  }

  /** The answer in one word. */
  public enum Result {
    PROVEN,
    /** Nothing speaks against it, but it is not about all that it names. */
    WARNING,
    FAILED
  }

  /**
   * A packet that the assertion excludes.
   *
   * @param from who sends it
   * @param to who receives it
   * @param decision the packet with its chain
   */
  public record Counterexample(Place from, Place to, PathDecision decision) {}

  public Result result() {
    if (counterexample != null) {
      return Result.FAILED;
    }
    return warnings.isEmpty() ? Result.PROVEN : Result.WARNING;
  }
}
