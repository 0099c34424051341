package io.margay.dataplane;

/** The kernel refused what a dataplane wanted to program. The message carries its words. */
public final class DataplaneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public DataplaneException(String message) {
    super(message);
  }

  public DataplaneException(String message, Throwable cause) {
    super(message, cause);
  }
}
