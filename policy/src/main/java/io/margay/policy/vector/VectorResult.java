package io.margay.policy.vector;

import java.util.List;

/**
 * What became of the checks of one vector.
 *
 * @param doubtful whether the vector says that its expectations are open to dispute
 */
public record VectorResult(String name, boolean doubtful, List<Check> checks) {
  public VectorResult {
    checks = List.copyOf(checks);
  }

  /**
   * One check.
   *
   * @param what was checked: the step and the connection, or the selector
   * @param difference what was expected and what came instead; empty if they agree
   */
  public record Check(String what, String difference) {
    public boolean passed() {
      return difference.isEmpty();
    }

    @Override
    public String toString() {
      return passed() ? what : what + ": " + difference;
    }
  }

  public List<Check> failures() {
    return checks.stream().filter(check -> !check.passed()).toList();
  }

  public boolean passed() {
    return failures().isEmpty();
  }
}
