package io.margay.agents.assess;

/**
 * Something that is so, or is not.
 *
 * @param fact what is asked for
 * @param found what was found instead of a bare yes or no: a figure, or names
 * @param source where that comes from
 */
public record Evidence(String fact, String found, String source, boolean met) {
  static final String LOG = "audit log";
  static final String REGISTRY = "registry";
  static final String POLICIES = "policies in force";

  /** So many of so many; met when it is all, and there is one. */
  static Evidence all(String fact, long part, long whole, String source) {
    return new Evidence(fact, part + " of " + whole, source, whole > 0 && part == whole);
  }

  /** Met when there is at least one. */
  static Evidence some(String fact, long count, String source) {
    return new Evidence(fact, Long.toString(count), source, count > 0);
  }

  /** Met when there is none. */
  static Evidence none(String fact, long count, String source) {
    return new Evidence(fact, Long.toString(count), source, count == 0);
  }
}
