package io.margay.store.patch;

/** A patch that is malformed or does not fit the object. The message is fit for a user. */
public final class PatchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PatchException(String message) {
    super(message);
  }
}
