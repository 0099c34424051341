package io.margay.agents.identity.exchange;

/**
 * No token is issued. The error is one of RFC 6749's and RFC 8693's codes; the message says why.
 */
public final class ExchangeRefusedException extends Exception {
  /** No fault of who asked. */
  public static final String UNAVAILABLE = "temporarily_unavailable";

  private final String error;

  public ExchangeRefusedException(String error, String reason) {
    super(reason, null, false, false);
    this.error = error;
  }

  public String error() {
    return error;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
