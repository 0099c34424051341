package io.margay.agents.gateway.gate;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;

/** Is told of calls when they are over. It must neither fail nor wait. */
@FunctionalInterface
public interface CallObserver {

  /** Looks away. */
  CallObserver NOBODY = (_, _, _, _, _) -> {};

  /**
   * Takes note of a call.
   *
   * @param record number of its decision; -1 when that could not be recorded
   * @param outcome as {@link Recorder#ended} has it, or {@code denied}, {@code held}, {@code
   *     unrecorded}
   * @param status of the upstream's answer; 0 when there was none
   */
  void over(AgentCall call, AgentDecision decision, long record, String outcome, int status);
}
