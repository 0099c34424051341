package io.margay.agents.identity.token;

/**
 * A token or certificate that is not accepted. The message is one reason, written for whoever sent
 * it: it repeats nothing secret.
 */
public final class RefusedTokenException extends Exception {

  public RefusedTokenException(String reason) {
    // Strangers can cause these at will, and the reason says all: a stack trace would only cost.
    super(reason, null, false, false);
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
