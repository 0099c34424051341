package io.margay.cedar.eval;

import java.util.Arrays;

/**
 * Answers to tests that policies share, during one decision. A table of fixed size: tests whose
 * numbers fall on the same place take turns in it, and are only made again.
 */
final class Answers {
  private static final int PLACES = 256;

  private final int[] tests = new int[PLACES];
  private final int[] decisions = new int[PLACES];
  private final boolean[] answers = new boolean[PLACES];
  private int decision = 1;

  /** Forgets all answers. */
  void clear() {
    decision++;
    if (decision == 0) {
      // After four billion decisions numbers come again.
      Arrays.fill(decisions, 0);
      decision = 1;
    }
  }

  /**
   * The answer to a test, remembered or made.
   *
   * @throws EvaluationException when there is none
   */
  boolean test(int number, BoolNode node, Frame frame) {
    int place = number & PLACES - 1;
    if (decisions[place] == decision && tests[place] == number) {
      return answers[place];
    }
    boolean answer = node.test(frame);
    tests[place] = number;
    decisions[place] = decision;
    answers[place] = answer;
    return answer;
  }
}
