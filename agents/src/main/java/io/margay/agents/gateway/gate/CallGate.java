package io.margay.agents.gateway.gate;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.AgentDecision;
import io.margay.agents.call.Decider;
import io.margay.agents.call.Ruling;
import io.margay.agents.call.Verdict;
import io.margay.agents.gateway.gate.Admission.Admitted;
import io.margay.agents.gateway.gate.Admission.Denied;
import io.margay.agents.gateway.gate.Admission.Held;
import io.margay.agents.gateway.gate.Admission.Unrecorded;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What every call passes: it is decided, the decision is on disk, and only then it goes on. */
public final class CallGate {
  private static final String UNRECORDED =
      "the audit log cannot be written, so no call may go on: ";

  private final Decider decider;
  private final Recorder recorder;
  private final Holds holds;
  private final OpenCalls open;
  private final CallObserver observer;

  /** A gate that nobody observes. */
  public CallGate(Decider decider, Recorder recorder, Holds holds, OpenCalls open) {
    this(decider, recorder, holds, open, CallObserver.NOBODY);
  }

  public CallGate(
      Decider decider, Recorder recorder, Holds holds, OpenCalls open, CallObserver observer) {
    this.decider = decider;
    this.recorder = recorder;
    this.holds = holds;
    this.open = open;
    this.observer = observer;
  }

  /**
   * Decides a call, and waits some time for a person if one has to approve it.
   *
   * @param patience how long a call may be waited for that is held by a ruling
   */
  public Admission admit(AgentCall call, Function<Ruling, Duration> patience) {
    AgentDecision decision = decider.decide(call);
    Admission admission = admit(call, decision, patience);
    switch (admission) {
      case Admitted _ -> {}
      case Denied denied -> observer.over(call, decision, denied.record(), "denied", 0);
      case Held held -> observer.over(call, decision, held.record(), "held", 0);
      case Unrecorded _ -> observer.over(call, decision, -1, "unrecorded", 0);
    }
    return admission;
  }

  private Admission admit(
      AgentCall call, AgentDecision decision, Function<Ruling, Duration> patience) {
    long record;
    try {
      record = recorder.decided(call, decision);
    } catch (IOException e) {
      return new Unrecorded(UNRECORDED + e.getMessage());
    }
    Ruling ruling = decision.enforced();
    return switch (ruling.verdict()) {
      case PERMIT -> new Admitted(record, decision);
      case DENY -> new Denied(record, decision, ruling.reason());
      case HOLD -> held(call, decision, record, patience.apply(ruling));
    };
  }

  /** Denies a call for a reason that no policy has to give, and records that. */
  public Admission refuse(AgentCall call, String tier, String reason) {
    Ruling ruling = new Ruling(Verdict.DENY, tier, List.of(), reason, Optional.empty());
    AgentDecision decision = new AgentDecision(ruling, ruling, "", List.of(), List.of());
    try {
      Denied denied = new Denied(recorder.decided(call, decision), decision, reason);
      observer.over(call, decision, denied.record(), "denied", 0);
      return denied;
    } catch (IOException e) {
      observer.over(call, decision, -1, "unrecorded", 0);
      return new Unrecorded(UNRECORDED + e.getMessage());
    }
  }

  private Admission held(AgentCall call, AgentDecision decision, long record, Duration patience) {
    try {
      return switch (holds.claim(call, decision.enforced(), record, patience)) {
        case Holds.Approved _ -> new Admitted(record, decision);
        case Holds.Waiting(String id) -> new Held(record, decision, id);
        case Holds.Refused(_, String reason) -> new Denied(record, decision, reason);
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Denied(record, decision, "the call was cut off while it waited for approval");
    } catch (RuntimeException e) {
      // Whoever cannot ask for an approval has none.
      return new Denied(record, decision, "approval cannot be asked for: " + e.getMessage());
    }
  }

  /** Records what became of an admitted call. */
  public void ended(Admitted admitted, AgentCall call, String outcome, int status, Duration took) {
    recorder.ended(admitted.record(), call, outcome, status, took);
    observer.over(call, admitted.decision(), admitted.record(), outcome, status);
  }

  /** The calls that are under way. */
  public OpenCalls open() {
    return open;
  }
}
