package io.margay.policy.proof;

import java.util.List;

/**
 * A statement about the whole cluster that is true or has a counterexample.
 *
 * @param text as it was written
 * @param from any of these
 * @param to any of these
 */
public record Assertion(
    String text, Claim claim, List<Peers> from, List<Peers> to, Traffic traffic) {

  /** What is claimed of the traffic. */
  public enum Claim {
    /** None of it is allowed. */
    NEVER,
    /** All of it is allowed. */
    ALWAYS,
    /** None of it is allowed from anybody else. */
    ONLY
  }

  public Assertion {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /**
   * Reads one assertion, such as {@code never env == "dev" -> env == "prod" : tcp/5432}.
   *
   * @throws IllegalArgumentException that says what is wrong and what to write instead
   */
  public static Assertion parse(String text) {
    return new AssertionParser(text).parse();
  }
}
