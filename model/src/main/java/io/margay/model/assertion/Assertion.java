package io.margay.model.assertion;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;

/**
 * A statement about the whole cluster that is true or has a counterexample.
 *
 * @param text as it was written
 * @param from any of these
 * @param to any of these
 */
public record Assertion(
    String text, Claim claim, List<Peers> from, List<Peers> to, Traffic traffic) {

  private static final SequencedMap<String, Claim> CLAIMS = new LinkedHashMap<>();

  static {
    for (Claim claim : Claim.values()) {
      CLAIMS.put(claim.name().toLowerCase(Locale.ROOT), claim);
    }
  }

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
    var read = new StatementReader<>(text, CLAIMS).read();
    return new Assertion(text.strip(), read.claim(), read.from(), read.to(), read.traffic());
  }
}
