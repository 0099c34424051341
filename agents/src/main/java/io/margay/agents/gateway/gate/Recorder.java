package io.margay.agents.gateway.gate;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import java.io.IOException;
import java.time.Duration;

/** Keeps the record of calls. */
public interface Recorder {

  /**
   * Records a decision; when this returns, the record survives a crash.
   *
   * @return the record's number
   * @throws IOException when it cannot be written: the call is not to go on
   */
  long decided(AgentCall call, AgentDecision decision) throws IOException;

  /**
   * Records what became of a call. What happened cannot be undone, so a failure is counted, not
   * thrown.
   *
   * @param decision the decision's number
   * @param outcome {@code ok}, {@code error}, {@code upstream-unreachable}, {@code cancelled},
   *     {@code cut-off}, {@code handed-over} to somebody who sends it on for us
   * @param status of the upstream's answer; 0 when there was none
   */
  void ended(long decision, AgentCall call, String outcome, int status, Duration took);
}
