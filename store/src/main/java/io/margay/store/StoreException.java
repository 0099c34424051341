package io.margay.store;

/** A store refused an operation. The message is fit for a user. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The kinds of refusal, which the API maps to HTTP status codes. */
  public enum Reason {
    NOT_FOUND,
    ALREADY_EXISTS,
    CONFLICT,
    INVALID,
    /** Not allowed for this caller, or not for anybody: the source is read-only. */
    FORBIDDEN,
    /** The resource version asked for is no longer remembered: list again. */
    EXPIRED,
    /** The store cannot be reached or cannot write, for example because the disk is full. */
    UNAVAILABLE
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
