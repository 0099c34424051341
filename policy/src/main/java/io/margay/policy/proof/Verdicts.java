package io.margay.policy.proof;

/** The verdicts of two states about the same packets. */
public record Verdicts(boolean before, boolean after) {
  static Verdicts of(boolean[] allowed) {
    return new Verdicts(allowed[0], allowed[1]);
  }

  public boolean differ() {
    return before != after;
  }
}
