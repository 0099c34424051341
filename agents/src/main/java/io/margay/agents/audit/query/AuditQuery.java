package io.margay.agents.audit.query;

import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.log.Terms;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which records somebody wants: those that have all of these words, newest first.
 *
 * @param terms such as {@code user=alice}; the names are in {@link Terms}
 * @param since the oldest time, inclusive
 * @param until the newest time, exclusive
 * @param before only records with lower sequences: the last page's cursor
 * @param after only records with higher sequences: what is known already
 * @param limit records at most
 */
public record AuditQuery(
    Set<String> terms,
    Optional<Instant> since,
    Optional<Instant> until,
    OptionalLong before,
    OptionalLong after,
    int limit) {
  /** A page of the usual size. */
  public static final int PAGE = 100;

  private static final int MAX_LIMIT = 100_000;

  public AuditQuery {
    terms = Set.copyOf(terms);
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("limit " + limit + ": write a number from 1 to 100000");
    }
  }

  /** The newest records of all. */
  public static AuditQuery newest() {
    return new AuditQuery(
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        PAGE);
  }

  /**
   * Only records with a word.
   *
   * @param name agent, user, policy, target, verdict, kind, trace, about or actor
   */
  public AuditQuery with(String name, String value) {
    Set<String> more = new TreeSet<>(terms);
    more.add(name + "=" + value);
    return new AuditQuery(more, since, until, before, after, limit);
  }

  public AuditQuery between(Optional<Instant> from, Optional<Instant> to) {
    return new AuditQuery(terms, from, to, before, after, limit);
  }

  public AuditQuery before(OptionalLong sequence) {
    return new AuditQuery(terms, since, until, sequence, after, limit);
  }

  /** Only what was written behind a record. */
  public AuditQuery after(long sequence) {
    return new AuditQuery(terms, since, until, before, OptionalLong.of(sequence), limit);
  }

  public AuditQuery limit(int records) {
    return new AuditQuery(terms, since, until, before, after, records);
  }

  /** Whether a record is one of those that are wanted. */
  public boolean wants(AuditRecord record) {
    return (terms.isEmpty() || Terms.of(record).containsAll(terms))
        && since.map(time -> !record.time().isBefore(time)).orElse(true)
        && until.map(record.time()::isBefore).orElse(true)
        && (before.isEmpty() || record.sequence() < before.getAsLong())
        && (after.isEmpty() || record.sequence() > after.getAsLong());
  }
}
