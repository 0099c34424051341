package io.margay.console.access;

import org.jspecify.annotations.Nullable;

/** Nobody can tell now who a user is or what is permitted: the request is refused. */
public final class AccessUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public AccessUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
