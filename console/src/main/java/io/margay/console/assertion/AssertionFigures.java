package io.margay.console.assertion;

import java.util.Map;

/**
 * How the cluster's PolicyAssertions are.
 *
 * @param holds True, False or Unknown, by the object's name
 * @param checks how often all of them were judged
 * @param seconds how long that took in all
 * @param failures checks that broke off, and statuses that could not be written
 */
public record AssertionFigures(
    Map<String, String> holds, long checks, double seconds, long failures) {
  /** Where nobody judges any. */
  public static final AssertionFigures NONE = new AssertionFigures(Map.of(), 0, 0, 0);

  public AssertionFigures {
    holds = Map.copyOf(holds);
  }
}
