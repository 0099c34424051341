package io.margay.agents.gateway.gate;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.Ruling;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Held calls: who made them, and whether somebody approved. */
public interface Holds {

  /** What is known of a held call. */
  sealed interface Claim {}

  /** Approved for exactly this call, and used up by being told. */
  record Approved(List<String> by) implements Claim {

    public Approved {
      by = List.copyOf(by);
    }
  }

  /** Nobody has decided yet. */
  record Waiting(String id) implements Claim {}

  /** Refused, or not approved in time. */
  record Refused(String id, String reason) implements Claim {}

  /**
   * Asks about a held call. The first question opens it for approvers; the same caller, target and
   * arguments lead to the same held call until that is used or over.
   *
   * @param record number of the decision that held it
   * @param patience how long to wait for an answer
   */
  Claim claim(AgentCall call, Ruling ruling, long record, Duration patience)
      throws InterruptedException;

  /** The same for those who ask and cannot wait. */
  static Holds atOnce(Holds holds) {
    return new Holds() {
      @Override
      public Claim claim(AgentCall call, Ruling ruling, long record, Duration patience)
          throws InterruptedException {
        return holds.claim(call, ruling, record, Duration.ZERO);
      }

      @Override
      public Optional<Claim> find(Caller caller, String id) {
        return holds.find(caller, id);
      }
    };
  }

  /** How a held call of a caller stands, without using it up; empty when he has none such. */
  Optional<Claim> find(Caller caller, String id);
}
