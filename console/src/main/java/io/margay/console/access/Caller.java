package io.margay.console.access;

import java.util.Optional;

/**
 * Whoever sends a request, and what is permitted.
 *
 * @param identity who that is; empty for guests, for whom nobody vouches
 */
public record Caller(String user, Optional<Identity> identity, Permissions permissions) {

  /** Somebody who is not asked for a name, at what is open to everybody. */
  public static final Caller NOBODY = guest("", Permissions.NONE);

  /** Somebody whom nobody vouches for. */
  public static Caller guest(String name, Permissions permissions) {
    return new Caller(name, Optional.empty(), permissions);
  }
}
