package io.margay.agents.gateway.parts;

import io.margay.agents.approval.ApprovalDesk;
import io.margay.agents.approval.ApprovalRefusedException;
import io.margay.agents.audit.AuditLog;
import io.margay.agents.audit.AuditUnavailableException;
import io.margay.agents.audit.Draft;
import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.JsonHash;
import io.margay.agents.call.Ruling;
import io.margay.agents.gateway.gate.Holds;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Approval.State;
import io.margay.model.resource.Approval.Vote;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Held calls, on the desk of those who approve. */
public final class DeskHolds implements Holds {
  private final ApprovalDesk desk;
  private final AuditLog audit;
  private final UnaryOperator<String> agents;
  private final InstantSource clock;

  /**
   * @param agents finds an agent's name by its SPIFFE id; empty for none
   */
  public DeskHolds(
      ApprovalDesk desk, AuditLog audit, UnaryOperator<String> agents, InstantSource clock) {
    this.desk = desk;
    this.audit = audit;
    this.agents = agents;
    this.clock = clock;
  }

  @Override
  public Claim claim(AgentCall call, Ruling ruling, long record, Duration patience)
      throws InterruptedException {
    try {
      Approval approval = newest(call).orElse(null);
      if (approval == null) {
        approval = desk.ask(call, agents.apply(call.caller().workload()), ruling);
        audit.append(Draft.hold(record, call, approval.metadata().name(), clock.instant()));
      }
      return claim(approval, call, record, patience);
    } catch (ApprovalRefusedException e) {
      return new Refused("", String.valueOf(e.getMessage()));
    } catch (AuditUnavailableException e) {
      return new Refused("", "the audit log cannot be written: " + e.getMessage());
    }
  }

  private Claim claim(Approval approval, AgentCall call, long record, Duration patience)
      throws InterruptedException, ApprovalRefusedException, AuditUnavailableException {
    String name = approval.metadata().name();
    State state = desk.await(name, patience);
    Approval now = desk.find(name).orElse(approval);
    return switch (state) {
      case PENDING -> new Waiting(name);
      case APPROVED -> {
        List<String> by = voters(now);
        // Recorded first: an approval that leaves no trace must not be used.
        audit.append(
            Draft.approval(record, call, name, String.join(", ", by), "approved", clock.instant()));
        desk.take(name, call);
        yield new Approved(by);
      }
      case REFUSED -> {
        audit.append(
            Draft.approval(
                record, call, name, String.join(", ", voters(now)), "refused", clock.instant()));
        yield new Refused(name, "approval " + name + " was refused" + reason(now));
      }
      case EXPIRED -> {
        audit.append(Draft.approval(record, call, name, "", "expired", clock.instant()));
        yield new Refused(name, "nobody approved in time (approval " + name + ")");
      }
      case USED -> new Refused(name, "approval " + name + " is used up");
    };
  }

  /** The held call that this one is the same as, unless that one is over. */
  private Optional<Approval> newest(AgentCall call) {
    String hash = JsonHash.of(call.arguments());
    return desk.list().stream()
        .filter(approval -> approval.spec().argumentsHash().equals(hash))
        .filter(approval -> isOf(approval, call.caller()))
        .filter(approval ->
            approval.spec().action().equals(call.action())
                && approval.spec().target().equals(call.target().toString()))
        .filter(approval -> !isOver(approval))
        .max(Comparator.comparing(approval -> String.valueOf(approval.spec().asked())));
  }

  private boolean isOver(Approval approval) {
    return switch (desk.stateOf(approval)) {
      case PENDING, APPROVED -> false;
      // A refusal stands as long as its call could have waited.
      case REFUSED ->
          approval.spec().expires() == null || !clock.instant().isBefore(approval.spec().expires());
      case EXPIRED, USED -> true;
    };
  }

  private static boolean isOf(Approval approval, Caller caller) {
    String user = caller.user().map(one -> one.issuer() + " " + one.subject()).orElse("");
    return approval.spec().workload().equals(caller.workload())
        && approval.spec().user().equals(user);
  }

  private static List<String> voters(Approval approval) {
    return approval.status().votes().stream().map(Vote::approver).toList();
  }

  private static String reason(Approval approval) {
    return approval.status().votes().stream()
        .filter(vote -> !vote.approves())
        .findFirst()
        .map(vote -> " by " + vote.approver() + ": " + vote.reason())
        .orElse("");
  }

  @Override
  public Optional<Claim> find(Caller caller, String id) {
    return desk.find(id)
        .filter(approval -> isOf(approval, caller))
        .map(approval ->
            switch (desk.stateOf(approval)) {
              case PENDING -> new Waiting(id);
              case APPROVED, USED -> new Approved(voters(approval));
              case REFUSED -> new Refused(id, "refused" + reason(approval));
              case EXPIRED -> new Refused(id, "nobody approved in time");
            });
  }
}
