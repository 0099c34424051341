package io.margay.agents.audit;

/** What a record tells of. */
public enum AuditKind {
  /** A call was decided; written before the call goes on. */
  DECISION,
  /** How a permitted call ended; refers to its decision. */
  OUTCOME,
  /** A call began to wait for people; refers to its decision. */
  HOLD,
  /** Somebody approved or refused a held call, or its time was over; refers to its decision. */
  APPROVAL,
  /** A token was issued, exchanged or revoked. */
  TOKEN,
  /** A policy, an agent, a tool's definition or another resource of the registry changed. */
  POLICY_CHANGE,
  /** An agent was stopped, or may go on. */
  HALT,
  /** Old records were removed; keeps the hashes that prove the rest. */
  PRUNE,
  /** The log was opened; tells what was found at its end. */
  START
}
