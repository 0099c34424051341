package io.margay.agents.gateway.envoy;

import io.margay.agents.call.AgentCall;
import io.margay.agents.gateway.Onward;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.CallGate;
import io.margay.agents.gateway.gate.OpenCalls.Open;
import io.margay.agents.gateway.http.Exchange;
import io.margay.agents.gateway.http.Upstream.Ask;
import java.time.Duration;
import java.time.InstantSource;

/** Leaves an admitted call to Envoy, with the headers that it is to go on with. */
public final class HandedOver implements Onward {
  private final CallGate gate;
  private final InstantSource clock;

  public HandedOver(CallGate gate, InstantSource clock) {
    this.gate = gate;
    this.clock = clock;
  }

  @Override
  public void forward(
      Exchange exchange,
      AgentCall call,
      Admitted admitted,
      Open open,
      Ask ask,
      AnswerWriter writer) {
    if (!(exchange instanceof CheckExchange check)) {
      throw new IllegalArgumentException("only what Envoy asks about is left to it");
    }
    check.permit(ask.ours());
    gate.ended(admitted, call, "handed-over", 0, Duration.between(call.at(), clock.instant()));
  }

  @Override
  public boolean seesAnswers() {
    return false;
  }
}
