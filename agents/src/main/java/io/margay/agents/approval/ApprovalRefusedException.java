package io.margay.agents.approval;

/** Something about an approval that may not be; the message says why. */
public final class ApprovalRefusedException extends Exception {
  public ApprovalRefusedException(String message) {
    super(message);
  }
}
