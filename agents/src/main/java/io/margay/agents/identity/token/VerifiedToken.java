package io.margay.agents.identity.token;

import io.margay.agents.call.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A token whose signature, times and issuer are good. Whether its bearer may use it, and here, is
 * asked for each call.
 *
 * @param hash SHA-256 of the token, base64url
 * @param user on whose behalf; empty when an agent works for itself
 * @param scope what it allows, sorted
 * @param audience whom it is for
 * @param mayAct the only agent that may use it, where the issuer says so ({@code may_act})
 * @param singleUse whether it is spent by the first call
 */
public record VerifiedToken(
    Kind kind,
    String hash,
    Optional<User> user,
    List<String> scope,
    Instant issued,
    Instant expires,
    Set<String> audience,
    Lineage lineage,
    Optional<Confirmation> confirmation,
    Optional<String> mayAct,
    boolean singleUse) {

  /** Who issued it. */
  public enum Kind {
    /** A person's identity provider. */
    USER,
    /** We, for one hop. */
    HOP
  }

  public VerifiedToken {
    scope = List.copyOf(new TreeSet<>(scope));
    audience = Set.copyOf(audience);
  }
}
