package io.margay.agents.approval;

import io.margay.agents.call.AgentCall;
import io.margay.agents.call.Caller;
import io.margay.agents.call.JsonHash;
import io.margay.agents.call.User;
import io.margay.model.resource.Approval;
import io.margay.model.resource.Approval.State;
import io.margay.model.resource.Approval.Vote;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Who may say something about a held call, and what follows from what was said. */
final class ApprovalRules {
  /** Among the approvers of a policy: the user on whose behalf the call is made. */
  static final String SELF = "self";

  private ApprovalRules() {}

  /** The user of a call as approvals name them; empty for none. */
  static String userOf(Caller caller) {
    return caller.user().map(ApprovalRules::name).orElse("");
  }

  private static String name(User user) {
    return user.issuer() + " " + user.subject();
  }

  /**
   * How far it is at a moment, whatever the stored state says, unless the call was made already.
   */
  static State stateOf(Approval approval, Instant now) {
    if (approval.status().state() == State.USED || approval.status().state() == State.REFUSED) {
      return approval.status().state();
    }
    if (approval.status().votes().stream().anyMatch(vote -> !vote.approves())) {
      return State.REFUSED;
    }
    Instant expires = approval.spec().expires();
    if (expires == null || !now.isBefore(expires)) {
      return State.EXPIRED;
    }
    Set<String> people =
        approval.status().votes().stream().map(Vote::approver).collect(Collectors.toSet());
    return people.size() >= approval.spec().count() ? State.APPROVED : State.PENDING;
  }

  /**
   * Whether a person may speak about a held call.
   *
   * @throws ApprovalRefusedException with the reason when not
   */
  static void check(Approval approval, Approver approver, @Nullable String reason, boolean approves)
      throws ApprovalRefusedException {
    Approval.Spec spec = approval.spec();
    String name = approver.name();
    if (name.isBlank()) {
      throw new ApprovalRefusedException("nobody is named who decides");
    }
    if (name.equals(spec.agent()) || name.equals(spec.workload())) {
      throw new ApprovalRefusedException("an agent cannot approve its own call");
    }
    if (!approves && (reason == null || reason.isBlank())) {
      throw new ApprovalRefusedException("a refusal needs a reason");
    }
    if (approval.status().votes().stream().anyMatch(vote -> vote.approver().equals(name))) {
      throw new ApprovalRefusedException(name + " has decided about this call already");
    }
    if (!approves) {
      return;
    }
    boolean selfAllowed = spec.approvers().contains(SELF);
    if (isUser(spec, approver)) {
      if (!selfAllowed) {
        throw new ApprovalRefusedException(
            name + " asked for this call; somebody else has to approve it");
      }
      return;
    }
    boolean member = spec.approvers().stream().anyMatch(approver.groups()::contains);
    if (!spec.approvers().isEmpty() && !member) {
      throw new ApprovalRefusedException(
          name
              + " is in none of the groups that may approve: "
              + String.join(", ", spec.approvers()));
    }
  }

  /** Without an issuer the name alone decides, so that nobody slips by on another way in. */
  private static boolean isUser(Approval.Spec spec, Approver approver) {
    int space = spec.user().indexOf(' ');
    if (space < 0) {
      return false;
    }
    boolean sameName = spec.user().substring(space + 1).equals(approver.name());
    return sameName
        && (approver.issuer().isEmpty()
            || spec.user().substring(0, space).equals(approver.issuer()));
  }

  /** Why a call is not the one that was asked about; empty when it is. */
  static Optional<String> difference(Approval approval, AgentCall call) {
    Approval.Spec spec = approval.spec();
    if (!spec.workload().equals(call.caller().workload())) {
      return Optional.of("it was asked for another agent");
    }
    if (!spec.user().equals(userOf(call.caller()))) {
      return Optional.of("it was asked for another user");
    }
    if (!spec.action().equals(call.action())
        || !spec.target().equals(call.target().toString())
        || !spec.protocol().equals(call.protocol().name())) {
      return Optional.of("it was asked for another call");
    }
    if (!spec.argumentsHash().equals(JsonHash.of(call.arguments()))) {
      return Optional.of("it was asked for other arguments");
    }
    return Optional.empty();
  }
}
