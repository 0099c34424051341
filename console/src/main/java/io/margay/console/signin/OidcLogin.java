package io.margay.console.signin;

import io.margay.console.access.Identity;
import java.net.URI;

/** Signs people in at an identity provider. Thread-safe; asks another server. */
public interface OidcLogin {

  /**
   * What the browser has to bring back, kept in a cookie meanwhile.
   *
   * @param state must come back with the answer, so that nobody else's answer is taken for it
   * @param nonce must be in the token
   * @param verifier proves that who redeems the code has asked for it (PKCE)
   */
  record Attempt(String state, String nonce, String verifier) {}

  /** Where to send the browser. */
  URI begin(Attempt attempt);

  /**
   * Redeems the code that the provider gave the browser.
   *
   * @throws SignInException if the provider or its token does not hold what it promises
   */
  Identity complete(Attempt attempt, String code);

  /** A sign-in that failed, with a reason for the user. */
  final class SignInException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SignInException(String message) {
      super(message);
    }

    public SignInException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
