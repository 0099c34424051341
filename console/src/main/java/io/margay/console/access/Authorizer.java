package io.margay.console.access;

/** Knows what a user may do. Thread-safe; may ask another server. */
@FunctionalInterface
public interface Authorizer {

  /**
   * The permissions as they are now.
   *
   * @throws AccessUnavailableException if they cannot be found out now
   */
  Permissions permissions(Identity identity);

  /** Whoever may use this machine may do everything; no others are known. */
  Authorizer LOCAL =
      identity -> {
        if (!identity.local()) {
          throw new AccessUnavailableException(
              "nobody here knows what %s may do".formatted(identity.user()), null);
        }
        return Permissions.ALL;
      };
}
