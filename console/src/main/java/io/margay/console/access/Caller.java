package io.margay.console.access;

/** Whoever sends a request, and what is permitted. */
public record Caller(String user, Permissions permissions) {

  /** Somebody who is not asked for a name, at what is open to everybody. */
  public static final Caller NOBODY = new Caller("", Permissions.NONE);
}
