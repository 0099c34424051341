package io.margay.agents.audit;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Protocol;
import io.margay.agents.call.Target;
import io.margay.agents.call.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What happened, as a record tells it.
 *
 * @param at when, by the clock of whoever tells it
 * @param about sequence of the decision that this belongs to
 * @param caller groups are left out: those that mattered are among the decision's reads
 * @param owner the person who answers for the calling agent; empty if nobody is known
 * @param actor who did it, if not the caller: an approver, an administrator; empty otherwise
 * @param status how it ended or what was done, such as {@code 200}, {@code approved}, {@code
 *     revoked}; empty where the kind says it all
 * @param latency of a call that ended
 * @param payload keyed hash of what was sent, never that itself; empty without a payload
 * @param details what only some kinds have; the names are in docs/audit.md
 */
public record AuditEvent(
    AuditKind kind,
    Instant at,
    OptionalLong about,
    Optional<TraceContext> trace,
    Optional<Caller> caller,
    Optional<Attempt> attempt,
    Optional<AgentDecision> decision,
    String owner,
    String actor,
    String status,
    Optional<Duration> latency,
    String payload,
    SortedMap<String, String> details) {

  public AuditEvent {
    details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }

  /**
   * What the caller wanted to do.
   *
   * @param action Cedar's action id
   */
  public record Attempt(Protocol protocol, String action, Target target) {}

  static AuditEvent of(AuditKind kind, Instant at) {
    return of(kind, at, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static AuditEvent of(AuditKind kind, Instant at, AgentCall call) {
    Attempt attempt = new Attempt(call.protocol(), call.action(), call.target());
    return of(
        kind, at, Optional.of(call.trace()), Optional.of(call.caller()), Optional.of(attempt));
  }

  /** Something that a caller did outside a call. */
  static AuditEvent of(AuditKind kind, Instant at, Caller caller) {
    return of(kind, at, Optional.empty(), Optional.of(caller), Optional.empty());
  }

  private static AuditEvent of(
      AuditKind kind,
      Instant at,
      Optional<TraceContext> trace,
      Optional<Caller> caller,
      Optional<Attempt> attempt) {
    return new AuditEvent(
        kind,
        at,
        OptionalLong.empty(),
        trace,
        caller,
        attempt,
        Optional.empty(),
        "",
        "",
        "",
        Optional.empty(),
        "",
        Collections.emptySortedMap());
  }

  AuditEvent withAbout(long sequence) {
    return new AuditEvent(
        kind,
        at,
        OptionalLong.of(sequence),
        trace,
        caller,
        attempt,
        decision,
        owner,
        actor,
        status,
        latency,
        payload,
        details);
  }

  AuditEvent withDecision(AgentDecision decided) {
    return new AuditEvent(
        kind,
        at,
        about,
        trace,
        caller,
        attempt,
        Optional.of(decided),
        owner,
        actor,
        status,
        latency,
        payload,
        details);
  }

  AuditEvent withOwner(String person) {
    return new AuditEvent(
        kind, at, about, trace, caller, attempt, decision, person, actor, status, latency, payload,
        details);
  }

  AuditEvent withActor(String person) {
    return new AuditEvent(
        kind, at, about, trace, caller, attempt, decision, owner, person, status, latency, payload,
        details);
  }

  AuditEvent withStatus(String word) {
    return new AuditEvent(
        kind, at, about, trace, caller, attempt, decision, owner, actor, word, latency, payload,
        details);
  }

  AuditEvent withLatency(Duration time) {
    return new AuditEvent(
        kind,
        at,
        about,
        trace,
        caller,
        attempt,
        decision,
        owner,
        actor,
        status,
        Optional.of(time),
        payload,
        details);
  }

  /** The same with the keyed hash of what was sent. */
  public AuditEvent withPayload(String hash) {
    return new AuditEvent(
        kind, at, about, trace, caller, attempt, decision, owner, actor, status, latency, hash,
        details);
  }

  AuditEvent withDetail(String name, String value) {
    Map<String, String> more = new TreeMap<>(details);
    more.put(name, value);
    return new AuditEvent(
        kind,
        at,
        about,
        trace,
        caller,
        attempt,
        decision,
        owner,
        actor,
        status,
        latency,
        payload,
        new TreeMap<>(more));
  }
}
