package io.margay.agents.gateway;

import io.margay.agents.call.AgentCall;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.OpenCalls.Open;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Upstream.Answer;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.io.IOException;

/** The way of a call that was admitted. */
public interface Onward {

  /** Passes an answer on, perhaps changed. */
  @FunctionalInterface
  interface AnswerWriter {
    void write(Answer answer) throws IOException;
  }

  /** The server did not answer, or broke off before anything of its answer had been passed on. */
  final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Unreachable(String message) {
      super(message, null, false, false);
      reason = message;
    }

    /** What is wrong, for the caller. */
    public String reason() {
      return reason;
    }
  }

  /**
   * Sends a call on.
   *
   * @param open the call among those that can be cut off
   * @throws Unreachable when the caller is to be told that the server does not answer
   * @throws IOException when the answer has begun and cannot be ended, or the caller is gone
   */
  void forward(
      Exchange exchange, AgentCall call, Admitted admitted, Open open, Ask ask, AnswerWriter writer)
      throws Unreachable, IOException;

  /** Whether requests leave and answers come back through us, or somebody else sees to that. */
  boolean seesAnswers();
}
