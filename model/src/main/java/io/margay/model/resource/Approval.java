package io.margay.model.resource;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call that waits for people, or waited. Whoever may write its status is trusted to say in whose
 * name.
 */
public record Approval(ObjectMeta metadata, Spec spec, Status status) implements AgentResource {

  @Override
  public Kind kind() {
    return Kind.APPROVAL;
  }

  /**
   * What is to be approved; never changed after it was asked.
   *
   * @param agent name of the calling agent
   * @param workload its SPIFFE id
   * @param user issuer and subject, separated by a space; empty for a call without a user
   * @param target kind, server and name, as {@code TOOL crm/read_customer}
   * @param arguments JSON, exactly as it would be sent
   * @param argumentsHash SHA-256 of the arguments with sorted keys, in hexadecimal digits
   * @param approvers groups of which somebody has to approve; empty for anybody
   * @param count how many different people have to approve
   * @param hashOnly whether the webhook gets the hash of the arguments, not the arguments
   */
  public record Spec(
      String agent,
      String workload,
      String user,
      String protocol,
      String action,
      String target,
      String arguments,
      String argumentsHash,
      String traceId,
      String hopId,
      String tier,
      List<String> policies,
      List<String> approvers,
      int count,
      @Nullable Instant asked,
      @Nullable Instant expires,
      boolean hashOnly) {

    public Spec {
      policies = List.copyOf(policies);
      approvers = List.copyOf(approvers);
    }
  }

  /** How far it is. */
  public enum State {
    PENDING,
    APPROVED,
    REFUSED,
    EXPIRED,
    /** Approved, and the call was let through, once. */
    USED
  }

  /**
   * What was said so far.
   *
   * @param votes in the order in which they were given
   */
  public record Status(State state, List<Vote> votes) {
    public Status {
      votes = List.copyOf(votes);
    }
  }

  /**
   * What one person said.
   *
   * @param reason always given with a refusal
   */
  public record Vote(String approver, boolean approves, String reason, @Nullable Instant at) {}
}
