package io.margay.agents.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A record that is to be written: the log adds its number, its time and its place in the chain.
 *
 * @param payload what was sent; the log writes its keyed hash and forgets it
 */
public record Draft(AuditEvent event, Optional<JsonNode> payload) {

  /** A call was decided. Its arguments are the payload. */
  public static Draft decision(AgentCall call, AgentDecision decision) {
    return new Draft(
        AuditEvent.of(AuditKind.DECISION, call.at(), call).withDecision(decision),
        Optional.of(call.arguments()));
  }

  /**
   * A call ended.
   *
   * @param decision sequence of its decision's record
   * @param status as the protocol says it, such as {@code 200} or {@code cancelled}
   */
  public static Draft outcome(
      long decision, AgentCall call, String status, Instant at, Duration latency) {
    return follow(AuditKind.OUTCOME, decision, call, status, at).withLatency(latency);
  }

  /**
   * A call began to wait.
   *
   * @param approval name of the Approval resource that people see
   */
  public static Draft hold(long decision, AgentCall call, String approval, Instant at) {
    return follow(AuditKind.HOLD, decision, call, "", at).withDetail("approval", approval);
  }

  /**
   * A held call was approved, refused, or not answered in time.
   *
   * @param actor who answered; empty if nobody did
   * @param status how it ended: approved, refused or expired
   */
  public static Draft approval(
      long decision, AgentCall call, String approval, String actor, String status, Instant at) {
    return follow(AuditKind.APPROVAL, decision, call, status, at)
        .withActor(actor)
        .withDetail("approval", approval);
  }

  private static Draft follow(
      AuditKind kind, long decision, AgentCall call, String status, Instant at) {
    return new Draft(
        AuditEvent.of(kind, at, call).withAbout(decision).withStatus(status), Optional.empty());
  }

  /**
   * Something happened to a token, in a call or outside one.
   *
   * @param status {@code issued}, {@code exchanged}, {@code revoked} or {@code refused}
   * @param tokenId its {@code jti}
   */
  public static Draft token(String status, String tokenId, Instant at) {
    return plain(AuditKind.TOKEN, status, at).withDetail("token", tokenId);
  }

  /**
   * A token was issued to an agent, or what an agent showed was refused.
   *
   * @param caller the agent with the chain behind it, as far as that is known
   * @param tokenId the new token's {@code jti}; empty when there is none
   */
  public static Draft token(Caller caller, String status, String tokenId, Instant at) {
    Draft draft =
        new Draft(AuditEvent.of(AuditKind.TOKEN, at, caller).withStatus(status), Optional.empty());
    return tokenId.isEmpty() ? draft : draft.withDetail("token", tokenId);
  }

  /**
   * A resource of the registry changed.
   *
   * @param resource kind and name, such as {@code AgentPolicy/payments}
   * @param status {@code added}, {@code changed} or {@code removed}
   * @param policySetHash names the policies that decide from now on
   */
  public static Draft policyChange(
      String resource, String status, String actor, String policySetHash, Instant at) {
    return plain(AuditKind.POLICY_CHANGE, status, at)
        .withActor(actor)
        .withDetail("resource", resource)
        .withDetail("policySet", policySetHash);
  }

  /**
   * An agent, or several, were stopped or may go on.
   *
   * @param status {@code halted} or {@code lifted}
   */
  public static Draft halt(String halt, String status, String actor, String reason, Instant at) {
    return plain(AuditKind.HALT, status, at)
        .withActor(actor)
        .withDetail("halt", halt)
        .withDetail("reason", reason);
  }

  /** A record of any kind that belongs to no call; details are added with {@link #withDetail}. */
  public static Draft plain(AuditKind kind, String status, Instant at) {
    return new Draft(AuditEvent.of(kind, at).withStatus(status), Optional.empty());
  }

  /** The person who answers for the calling agent. */
  public Draft withOwner(String owner) {
    return new Draft(event.withOwner(owner), payload);
  }

  public Draft withActor(String actor) {
    return new Draft(event.withActor(actor), payload);
  }

  public Draft withLatency(Duration latency) {
    return new Draft(event.withLatency(latency), payload);
  }

  /** Something that only some kinds tell; a second value of one name replaces the first. */
  public Draft withDetail(String name, String value) {
    return new Draft(event.withDetail(name, value), payload);
  }

  /** What was sent or received; only its keyed hash is written. */
  public Draft withPayload(JsonNode sent) {
    return new Draft(event, Optional.of(sent));
  }
}
