package io.margay.model.vector;

import java.util.List;
import java.util.Map;

/** A file of the schema {@code selectors/1}: what Calico's selector language means. */
public record SelectorVectors(
    List<Valid> valid, List<Invalid> invalid, List<Match> matches, List<Prefixed> prefixed) {
  public SelectorVectors {
    valid = List.copyOf(valid);
    invalid = List.copyOf(invalid);
    matches = List.copyOf(matches);
    prefixed = List.copyOf(prefixed);
  }

  /**
   * A selector with its canonical text.
   *
   * @param uid Calico's id of the canonical text
   */
  public record Valid(String selector, String canonical, String uid) {}

  /** Text that is not a selector. */
  public record Invalid(String selector) {}

  public record Match(String selector, Map<String, String> labels, boolean match) {}

  /** The canonical text after a prefix was put before every label key. */
  public record Prefixed(String selector, String prefix, String canonical) {}
}
