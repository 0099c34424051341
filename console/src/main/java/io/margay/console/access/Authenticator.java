package io.margay.console.access;

import java.util.Optional;

/** Knows whom a bearer token stands for. Thread-safe; may ask another server. */
@FunctionalInterface
public interface Authenticator {

  /**
   * The user; empty for a token that nobody vouches for.
   *
   * @throws AccessUnavailableException if that cannot be found out now
   */
  Optional<Identity> authenticate(String token);

  /** Knows nobody. */
  Authenticator NOBODY = _ -> Optional.empty();

  /** Asks this one first. */
  default Authenticator or(Authenticator other) {
    return token -> authenticate(token).or(() -> other.authenticate(token));
  }
}
