package io.margay.agents.identity.user;

import io.margay.agents.call.User;
import io.margay.agents.identity.token.BoundedCache;
import io.margay.agents.identity.token.Claims;
import io.margay.agents.identity.token.Confirmation;
import io.margay.agents.identity.token.Lineage;
import io.margay.agents.identity.token.RefusedTokenException;
import io.margay.agents.identity.token.SignedToken;
import io.margay.agents.identity.token.VerificationKeys;
import io.margay.agents.identity.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks access tokens of people. A token that was checked is remembered by its hash until it
 * expires or its issuer's keys change: a signature costs a hundred times more than a look-up. Of
 * many threads at a time.
 */
public final class UserTokens implements AutoCloseable {
  private static final String WHAT = "user token";

  private final Map<String, Trusted> issuers = new HashMap<>();
  private final HttpReader http;
  private final InstantSource clock;
  private final Limits limits;
  private final BoundedCache<String, Checked> checked = new BoundedCache<>(10_000);

  private record Trusted(TrustedIssuer issuer, IssuerKeys keys) {}

  private record Checked(VerifiedToken token, Trusted issuer, VerificationKeys keys) {}

  /**
   * What holds for the tokens of all issuers.
   *
   * @param leeway by how much clocks may differ
   * @param depthMax through how many agents a person's task may go
   */
  public record Limits(Duration leeway, int depthMax) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), 5);
  }

  public UserTokens(Collection<TrustedIssuer> issuers, Limits limits, InstantSource clock) {
    this.http = new HttpReader();
    this.limits = limits;
    this.clock = clock;
    for (TrustedIssuer issuer : issuers) {
      this.issuers.put(issuer.issuer(), new Trusted(issuer, new IssuerKeys(issuer, http, clock)));
    }
  }

  /** Whether a token claims to be of one of these issuers; nothing is checked yet. */
  public boolean isOurs(SignedToken token) throws RefusedTokenException {
    return issuers.containsKey(token.claims().string("iss"));
  }

  /** Checks a token: issuer, signature, type, audience and times. */
  public VerifiedToken verify(String token) throws RefusedTokenException {
    Checked known = checked.get(SignedToken.hash(token));
    if (known == null || known.issuer.keys.keys(null) != known.keys) {
      known = check(SignedToken.read(WHAT, token));
      checked.put(known.token.hash(), known);
    }
    if (!clock.instant().isBefore(known.token.expires().plus(limits.leeway))) {
      throw new RefusedTokenException(WHAT + ": expired at " + known.token.expires());
    }
    return known.token;
  }

  private Checked check(SignedToken token) throws RefusedTokenException {
    Claims claims = token.claims();
    Trusted trusted = issuers.get(claims.string("iss"));
    if (trusted == null) {
      throw new RefusedTokenException(WHAT + ": its issuer is not trusted here (iss)");
    }
    TrustedIssuer issuer = trusted.issuer;
    if (!issuer.types().contains(token.type())) {
      throw new RefusedTokenException(WHAT + ": typ is not an access token's");
    }
    VerificationKeys keys = trusted.keys.keys(token);
    keys.verify(WHAT, token, issuer.algorithms());
    Instant expires = claims.checkTimes(clock.instant(), limits.leeway);
    claims.checkAudience(issuer.audiences());
    Set<String> audience = new HashSet<>(claims.strings("aud"));
    audience.retainAll(issuer.audiences());
    VerifiedToken verified =
        new VerifiedToken(
            VerifiedToken.Kind.USER,
            token.hash(),
            Optional.of(
                new User(
                    issuer.issuer(), claims.string("sub"), claims.strings(issuer.groupsClaim()))),
            List.copyOf(claims.scope()),
            claims.time("iat").orElse(Instant.EPOCH),
            expires,
            audience,
            new Lineage(id(token), List.of(), List.of(), limits.depthMax),
            Confirmation.of(WHAT, claims),
            mayAct(claims),
            false);
    return new Checked(verified, trusted, keys);
  }

  private static String id(SignedToken token) throws RefusedTokenException {
    Optional<String> id = token.claims().optionalString("jti");
    return id.isPresent() ? id.get() : "sha256:" + token.hash();
  }

  private static Optional<String> mayAct(Claims claims) throws RefusedTokenException {
    Optional<Claims> mayAct = claims.object("may_act");
    // One without a subject names nobody, and nobody then may act.
    return mayAct.isPresent() ? Optional.of(mayAct.get().string("sub")) : Optional.empty();
  }

  @Override
  public void close() {
    http.close();
  }
}
