package io.margay.console.why;

/** Explains verdicts. Thread-safe. */
@FunctionalInterface
public interface WhySource {

  /**
   * The chain of a packet that may not exist yet.
   *
   * @throws IllegalArgumentException with a message for the user, when an end is not known
   */
  WhyAnswer explain(WhyQuestion question);
}
