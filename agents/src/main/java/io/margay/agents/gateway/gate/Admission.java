package io.margay.agents.gateway.gate;

import io.margay.agents.call.AgentDecision;

/** What the gate says to a call. */
public sealed interface Admission {

  /**
   * The call may go on.
   *
   * @param record number of its decision
   */
  record Admitted(long record, AgentDecision decision) implements Admission {}

  /** The call may not go on. */
  record Denied(long record, AgentDecision decision, String reason) implements Admission {}

  /**
   * The call waits for a person.
   *
   * @param approval the held call's id
   */
  record Held(long record, AgentDecision decision, String approval) implements Admission {}

  /** The decision could not be recorded, so the call may not go on. */
  record Unrecorded(String reason) implements Admission {}
}
