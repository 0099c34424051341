package io.margay.agents.assess;

import io.margay.agents.audit.AuditEvent;
import io.margay.agents.audit.AuditKind;
import io.margay.agents.audit.AuditRecord;
import io.margay.agents.audit.query.AuditPage;
import io.margay.agents.audit.query.AuditQuery;
import io.margay.agents.audit.query.AuditSearch;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the records of an audit log add up to. Of one thread. */
public final class AuditFigures {
  private static final int PAGE = 10_000;

  /** A call may go on this long before the lack of its outcome counts. */
  private static final Duration UNDER_WAY = Duration.ofMinutes(10);

  private final Instant settledBefore;
  private final Map<AuditKind, Long> kinds = new EnumMap<>(AuditKind.class);
  private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);

  /** Decisions whose outcome was read; newest records come first. */
  private final Set<Long> ended = new HashSet<>();

  private final SortedSet<String> agents = new TreeSet<>();
  private final SortedSet<String> owners = new TreeSet<>();
  private final SortedSet<String> people = new TreeSet<>();
  private Optional<Instant> first = Optional.empty();
  private Optional<Instant> last = Optional.empty();
  private long records;
  private long withUser;
  private long withOwner;
  private long withPolicy;
  private long withoutOutcome;
  private long inError;
  private long overSeveralHops;
  private int deepest;
  private long answered;
  private long answeredByAPerson;
  private long refused;
  private long expired;
  private long halts;
  private long requestedChanges;

  private AuditFigures(Instant now) {
    this.settledBefore = now.minus(UNDER_WAY);
  }

  /**
   * Reads a log, newest records first.
   *
   * @param since only from then on; empty for all
   * @param most records at most
   */
  public static AuditFigures read(
      AuditSearch search, Optional<Instant> since, long most, Instant now) throws IOException {
    AuditFigures figures = new AuditFigures(now);
    AuditQuery query = AuditQuery.newest().between(since, Optional.empty()).limit(PAGE);
    while (figures.records < most) {
      AuditPage page = search.find(query);
      page.records().forEach(figures::add);
      if (page.before().isEmpty()) {
        break;
      }
      query = query.before(page.before());
    }
    return figures;
  }

  private void add(AuditRecord record) {
    AuditEvent event = record.event();
    records++;
    first = Optional.of(record.time());
    if (last.isEmpty()) {
      last = Optional.of(record.time());
    }
    kinds.merge(event.kind(), 1L, Long::sum);
    switch (event.kind()) {
      case DECISION -> event.decision().ifPresent(decision -> decided(record, decision));
      // Its decision is older, and comes later.
      case OUTCOME -> event.about().ifPresent(ended::add);
      case APPROVAL -> approval(event);
      case HALT -> {
        if (event.status().equals("halted")) {
          halts++;
        }
        named(event);
      }
      case POLICY_CHANGE -> named(event);
      case HOLD, TOKEN, PRUNE, START -> {}
    }
  }

  private void decided(AuditRecord record, AgentDecision decision) {
    AuditEvent event = record.event();
    Verdict verdict = decision.enforced().verdict();
    verdicts.merge(verdict, 1L, Long::sum);
    event.caller().ifPresent(this::called);
    if (!event.owner().isEmpty()) {
      withOwner++;
      owners.add(event.owner());
    }
    if (verdict != Verdict.DENY && !decision.enforced().policies().isEmpty()) {
      withPolicy++;
    }
    if (!decision.errors().isEmpty()) {
      inError++;
    }
    boolean hasEnded = ended.remove(record.sequence());
    if (verdict == Verdict.PERMIT && !hasEnded && record.time().isBefore(settledBefore)) {
      withoutOutcome++;
    }
  }

  private void called(Caller caller) {
    agents.addAll(caller.chain());
    if (caller.user().isPresent()) {
      withUser++;
    }
    if (caller.depth() > 1) {
      overSeveralHops++;
    }
    deepest = Math.max(deepest, caller.depth());
  }

  private void approval(AuditEvent event) {
    switch (event.status()) {
      case "refused" -> refused++;
      case "expired" -> expired++;
      default -> {}
    }
    answered++;
    if (!event.actor().isEmpty()) {
      answeredByAPerson++;
      people.add(event.actor());
    }
  }

  private void named(AuditEvent event) {
    if (event.status().endsWith("requested") && !event.actor().isEmpty()) {
      requestedChanges++;
      people.add(event.actor());
    }
  }

  public long records() {
    return records;
  }

  /** The time of the oldest record that was read. */
  public Optional<Instant> first() {
    return first;
  }

  public Optional<Instant> last() {
    return last;
  }

  public long count(AuditKind kind) {
    return kinds.getOrDefault(kind, 0L);
  }

  public long decisions(Verdict verdict) {
    return verdicts.getOrDefault(verdict, 0L);
  }

  public long decisions() {
    return count(AuditKind.DECISION);
  }

  /** Calls that a policy let through at once or held. */
  public long letThrough() {
    return decisions(Verdict.PERMIT) + decisions(Verdict.HOLD);
  }

  /** Of those, the ones whose record names the policy. */
  public long withPolicy() {
    return withPolicy;
  }

  public long withUser() {
    return withUser;
  }

  public long withOwner() {
    return withOwner;
  }

  /** Permitted calls of more than ten minutes ago whose end is not recorded. */
  public long withoutOutcome() {
    return withoutOutcome;
  }

  /** Decisions in which a policy could not be evaluated; they denied. */
  public long inError() {
    return inError;
  }

  public long overSeveralHops() {
    return overSeveralHops;
  }

  public int deepest() {
    return deepest;
  }

  /** Held calls that came to an end: approved, refused or expired. */
  public long answered() {
    return answered;
  }

  public long answeredByAPerson() {
    return answeredByAPerson;
  }

  public long refused() {
    return refused;
  }

  public long expired() {
    return expired;
  }

  /** Halts that took effect. */
  public long halts() {
    return halts;
  }

  /** Changes of policies and halts whose record names the person who asked for them. */
  public long requestedChanges() {
    return requestedChanges;
  }

  /** SPIFFE ids of all agents that called or stood in a chain. */
  public SortedSet<String> agents() {
    return new TreeSet<>(agents);
  }

  /** Who answers for the agents that called. */
  public SortedSet<String> owners() {
    return new TreeSet<>(owners);
  }

  /** Who decided about calls, policies and halts. */
  public SortedSet<String> people() {
    return new TreeSet<>(people);
  }
}
