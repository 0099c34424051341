package io.margay.console.access;

import java.util.Optional;

/** A token that one process makes for the commands of its own user. */
public final class LocalToken implements Authenticator {
  private final String token = Secrets.random();
  private final Identity identity;

  /** A new token that stands for a user. */
  public LocalToken(Identity identity) {
    this.identity = identity;
  }

  /** What to write where nobody else can read it. */
  public String text() {
    return token;
  }

  @Override
  public Optional<Identity> authenticate(String offered) {
    return Secrets.same(token, offered) ? Optional.of(identity) : Optional.empty();
  }
}
