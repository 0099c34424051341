package io.margay.console.signin;

import io.margay.console.access.Authenticator;
import io.margay.console.access.Authorizer;
import io.margay.console.access.Permissions;
import java.util.Optional;

/**
 * By what means people prove who they are, and who knows what they may do.
 *
 * @param guests what whoever reaches the console may do without signing in; usually nothing
 * @param tokens knows bearer tokens, of scripts with each request and of people at sign-in
 * @param takesTokens whether people have such tokens, as in a cluster; a token file is for scripts
 * @param passwords empty where there are none
 * @param oidc empty where no identity provider is set up
 * @param links whether the process gives out one-time links
 */
public record SignInMethods(
    Permissions guests,
    Authenticator tokens,
    boolean takesTokens,
    Optional<PasswordFile> passwords,
    Optional<OidcLogin> oidc,
    Optional<OneTimeLinks> links,
    Authorizer authorizer) {

  /** Whoever can reach the console may do everything: for tests, and behind another gate. */
  public static SignInMethods none() {
    return new SignInMethods(
        Permissions.ALL,
        Authenticator.NOBODY,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Authorizer.LOCAL);
  }

  /** Whether nothing is shown to those who are not signed in. */
  boolean required() {
    return !guests.seesAll();
  }
}
