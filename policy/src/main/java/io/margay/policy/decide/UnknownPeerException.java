package io.margay.policy.decide;

/** A connection names somebody who does not exist or has no address; the message says who. */
public final class UnknownPeerException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public UnknownPeerException(String message) {
    super(message);
  }
}
