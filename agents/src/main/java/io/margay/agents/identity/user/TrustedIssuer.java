package io.margay.agents.identity.user;

import io.margay.agents.identity.token.SignedToken;
import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * An identity provider whose tokens we take.
 *
 * @param issuer exactly as tokens spell it in {@code iss}
 * @param audiences as which the issuer knows us; a token must be for one of them
 * @param keys where its keys are; empty to ask the issuer's discovery document
 * @param algorithms which signatures it makes
 * @param groupsClaim which claim lists a person's groups
 * @param types which {@code typ} headers its access tokens have, in lower case; the empty one
 *     stands for none
 */
public record TrustedIssuer(
    String issuer,
    Set<String> audiences,
    Optional<URI> keys,
    Set<String> algorithms,
    String groupsClaim,
    Set<String> types) {

  public TrustedIssuer {
    audiences = Set.copyOf(audiences);
    algorithms = Set.copyOf(algorithms);
    types = Set.copyOf(types);
    if (audiences.isEmpty()) {
      throw new IllegalArgumentException(
          "issuer " + issuer + ": audiences is empty; name the audience that is ours");
    }
    if (!SignedToken.ALGORITHMS.containsAll(algorithms) || algorithms.isEmpty()) {
      throw new IllegalArgumentException(
          "issuer "
              + issuer
              + ": algorithms "
              + algorithms
              + ": use some of "
              + SignedToken.ALGORITHMS);
    }
    checkAddress(issuer, URI.create(issuer));
    keys.ifPresent(address -> checkAddress(issuer, address));
  }

  /** An issuer found by its discovery document, with the usual claims. */
  public static TrustedIssuer discovered(String issuer, String audience) {
    return new TrustedIssuer(
        issuer,
        Set.of(audience),
        Optional.empty(),
        SignedToken.ALGORITHMS,
        "groups",
        Set.of("", "jwt", "at+jwt"));
  }

  /** Keys that came over plain HTTP are anybody's, except from this machine. */
  static void checkAddress(String issuer, URI address) {
    String host = String.valueOf(address.getHost());
    boolean local =
        host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.[0-9]{1,3}){3}");
    boolean good =
        "https".equals(address.getScheme()) || "http".equals(address.getScheme()) && local;
    if (!good || address.getHost() == null) {
      throw new IllegalArgumentException(
          "issuer " + issuer + ": address " + address + " is not https");
    }
  }
}
