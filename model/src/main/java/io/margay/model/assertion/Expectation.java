package io.margay.model.assertion;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * A change of verdicts that somebody means to make.
 *
 * @param text as it was written
 * @param allowed the verdict that this traffic is to have, if it changes at all
 */
public record Expectation(
    String text, boolean allowed, List<Peers> from, List<Peers> to, Traffic traffic) {
  private static final SequencedMap<String, Boolean> CLAIMS =
      new TreeMap<>(Map.of("allow", true, "deny", false));

  public Expectation {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /**
   * Reads one expectation, such as {@code deny env == "dev" -> app == "db" : tcp/5432}.
   *
   * @throws IllegalArgumentException that says what is wrong and what to write instead
   */
  public static Expectation parse(String text) {
    var read = new StatementReader<>(text, CLAIMS).read();
    return new Expectation(text.strip(), read.claim(), read.from(), read.to(), read.traffic());
  }
}
